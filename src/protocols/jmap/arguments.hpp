// Reads the arguments of a method, and remembers the first that is wrong.
// Spec: RFC 8620 3.6.2 invalidArguments, 5.1-5.6. Invariants: once something was wrong every
// look-up answers nothing; problem() also names an argument that nobody asked for.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/jmap/errors.hpp"

namespace lockstep::jmap {

class Arguments {
public:
    /// `object` must outlive this.
    explicit Arguments(const json::Object& object) : object_(object) {}

    /// The member as it is, absent or null counting as nothing.
    const json::Value* value(std::string_view name);
    std::optional<std::string> text(std::string_view name);
    std::optional<bool> truth(std::string_view name);
    std::optional<std::int64_t> integer(std::string_view name);
    /// Not negative.
    std::optional<std::uint64_t> count(std::string_view name);
    const json::Object* object(std::string_view name);
    const json::Array* array(std::string_view name);
    std::optional<std::vector<std::string>> texts(std::string_view name);
    /// A list of Ids.
    std::optional<std::vector<std::string>> ids(std::string_view name);

    /// Notes that an argument's value makes no sense.
    void wrong(std::string_view name, std::string_view why);
    /// The first problem, unknown arguments included. Call when all were looked up.
    [[nodiscard]] std::optional<MethodError> problem() const;

private:
    const json::Object& object_;
    std::set<std::string, std::less<>> known_{"accountId"};
    std::string problem_;
};

} // namespace lockstep::jmap
