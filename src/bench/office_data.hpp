// OfficeData: the contents of a data directory, made before the server starts: people with app
// passwords (argon2id would be measured otherwise), and their mail, contacts and events.
// Invariants: the store is open as long as the object lives, so it must be gone before the server
// starts. Errors: those of the store and the directory.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/task.hpp"
#include "model/model.hpp"

namespace lockstep::server {
class Core;
}

namespace lockstep::bench {

inline constexpr std::string_view kDomain = "bench.example";

struct Person {
    model::AccountId id;
    std::string address;
    std::string password;
};

class OfficeData {
public:
    [[nodiscard]] static Result<OfficeData> open(const std::filesystem::path& data);
    OfficeData(OfficeData&&) noexcept;
    OfficeData& operator=(OfficeData&&) = delete;
    ~OfficeData();

    /// "NAME1@bench.example" and so on.
    [[nodiscard]] Result<std::vector<Person>> add_people(std::string_view name, std::size_t count);
    /// Mail of the corpus (log-normal sizes, mean 44.6 KB) into the Inbox; returns its bytes.
    [[nodiscard]] Result<std::uint64_t> add_corpus(const Person& person, std::size_t count);
    /// Mail of a few hundred bytes each into the Inbox.
    [[nodiscard]] Result<> add_small_mail(const Person& person, std::size_t count);
    [[nodiscard]] Result<> add_contacts(const Person& person, std::size_t count);
    [[nodiscard]] Result<> add_events(const Person& person, std::size_t count);

private:
    explicit OfficeData(std::unique_ptr<server::Core> core);
    std::unique_ptr<server::Core> core_;
    bool has_domain_ = false;
};

/// A whole message of about `bytes` bytes (300 at least), CRLF line ends, no line begins with a
/// dot.
[[nodiscard]] std::string
small_message(std::string_view from, std::string_view to, std::uint64_t number, std::size_t bytes);

} // namespace lockstep::bench
