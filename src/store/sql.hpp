// Statements and rows: the thin layer between the store's SQL and an engine.
// Invariants: SQL is kept to what SQLite and PostgreSQL share, with placeholders $1, $2, ...; used
// on database threads only. Errors: an engine's failure is thrown as SqlFailure and caught at the
// root of the database job, nowhere else.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "base/id.hpp"
#include "base/result.hpp"

namespace lockstep::store {

/// One statement of the catalogue. Identity is the object's address: declare them `inline
/// constexpr` or `static constexpr`.
struct Sql {
    const char* text;
};

struct SqlFailure : std::runtime_error {
    SqlFailure(Code failure, const std::string& text) : std::runtime_error(text), code(failure) {}
    Code code;
};

struct Bytes {
    std::string_view view;
};
using Value = std::variant<std::monostate, std::int64_t, std::string_view, Bytes>;

/// Numbers, ids, enums and booleans become integers; strings text; Bytes a blob; an empty optional
/// NULL.
template <class T> Value to_value(const T& value) {
    if constexpr (std::is_same_v<T, Bytes> || std::is_same_v<T, Value>)
        return value;
    else if constexpr (std::is_same_v<T, std::monostate>)
        return value;
    else if constexpr (std::is_enum_v<T>)
        return static_cast<std::int64_t>(value);
    else if constexpr (std::is_integral_v<T>)
        return static_cast<std::int64_t>(value);
    else if constexpr (std::is_convertible_v<T, std::string_view>)
        return std::string_view(value);
    else
        return value.value;
}
template <class T> Value to_value(const std::optional<T>& value) {
    return value ? to_value(*value) : Value{};
}

/// One statement under way. Views returned are valid until the next step() or the end of the
/// cursor.
class Statement {
public:
    virtual ~Statement() = default;
    virtual bool step() = 0;
    virtual std::int64_t integer(int column) = 0;
    virtual std::string_view text(int column) = 0; ///< text or blob
    virtual bool is_null(int column) = 0;
    virtual std::int64_t changes() = 0; ///< rows changed by the finished statement
    virtual void reset() = 0;
};

/// A result set: `for (auto rows = s.query(kSql, a, b); rows.next();) rows.i64(0)`.
class Rows {
public:
    explicit Rows(Statement& statement) : statement_(&statement) {}
    Rows(Rows&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
    Rows& operator=(Rows&&) = delete;
    ~Rows() {
        if (statement_ != nullptr)
            statement_->reset();
    }
    bool next() { return statement_->step(); }
    [[nodiscard]] std::int64_t i64(int column) const { return statement_->integer(column); }
    [[nodiscard]] std::string_view view(int column) const { return statement_->text(column); }
    [[nodiscard]] std::string str(int column) const {
        return std::string(statement_->text(column));
    }
    [[nodiscard]] bool null(int column) const { return statement_->is_null(column); }
    template <class IdType> [[nodiscard]] IdType id(int column) const {
        return IdType{i64(column)};
    }

private:
    Statement* statement_;
};

/// A consistent view of one store file. Reads only.
class Snapshot {
public:
    virtual ~Snapshot() = default;
    template <class... Args> Rows query(const Sql& sql, const Args&... args) {
        const std::array<Value, sizeof...(Args)> values{to_value(args)...};
        return Rows(start(sql, values));
    }
    /// The first column of the first row.
    template <class... Args>
    std::optional<std::int64_t> scalar(const Sql& sql, const Args&... args) {
        auto rows = query(sql, args...);
        if (!rows.next() || rows.null(0))
            return std::nullopt;
        return rows.i64(0);
    }

protected:
    virtual Statement& start(const Sql& sql, std::span<const Value> values) = 0;
    friend class Txn;
};

} // namespace lockstep::store
