// The strict reader: Boost.JSON's tokenizer with a handler that refuses a name given twice.
#include <cmath>
#include <unordered_set>

#include <boost/json/basic_parser_impl.hpp>

#include "base/limits.hpp"
#include "codec/json/json.hpp"

namespace lockstep::json {
namespace {

/// Collects the value; the names of every open object are remembered until it closes.
struct IjsonHandler {
    static constexpr std::size_t max_object_size = limits::kJsonMembers;
    static constexpr std::size_t max_array_size = limits::kJsonMembers;
    static constexpr std::size_t max_key_size = limits::kJsonName;
    static constexpr std::size_t max_string_size = limits::kJsonString;

    using ErrorCode = boost::json::error_code;
    using View = boost::json::string_view;

    bool on_document_begin(ErrorCode& /*error*/) {
        stack.reset();
        return true;
    }
    bool on_document_end(ErrorCode& /*error*/) { return true; }
    bool on_array_begin(ErrorCode& /*error*/) { return true; }
    bool on_array_end(std::size_t count, ErrorCode& /*error*/) {
        stack.push_array(count);
        return true;
    }
    bool on_object_begin(ErrorCode& /*error*/) {
        names.emplace_back();
        return true;
    }
    bool on_object_end(std::size_t count, ErrorCode& /*error*/) {
        names.pop_back();
        stack.push_object(count);
        return true;
    }
    bool on_key_part(View part, std::size_t /*size*/, ErrorCode& /*error*/) {
        name.append(part.data(), part.size());
        stack.push_chars(part);
        return true;
    }
    bool on_key(View part, std::size_t /*size*/, ErrorCode& error) {
        name.append(part.data(), part.size());
        if (!names.back().insert(std::move(name)).second) {
            error = boost::json::error::extra_data;
            return false;
        }
        name.clear();
        stack.push_key(part);
        return true;
    }
    bool on_string_part(View part, std::size_t /*size*/, ErrorCode& /*error*/) {
        stack.push_chars(part);
        return true;
    }
    bool on_string(View part, std::size_t /*size*/, ErrorCode& /*error*/) {
        stack.push_string(part);
        return true;
    }
    bool on_number_part(View /*part*/, ErrorCode& /*error*/) { return true; }
    bool on_int64(std::int64_t value, View /*text*/, ErrorCode& /*error*/) {
        stack.push_int64(value);
        return true;
    }
    bool on_uint64(std::uint64_t value, View /*text*/, ErrorCode& /*error*/) {
        stack.push_uint64(value);
        return true;
    }
    bool on_double(double value, View /*text*/, ErrorCode& error) {
        // Beyond the range of a double (RFC 7493 2.2): it could not be written again.
        if (!std::isfinite(value)) {
            error = boost::json::error::exponent_overflow;
            return false;
        }
        stack.push_double(value);
        return true;
    }
    bool on_bool(bool value, ErrorCode& /*error*/) {
        stack.push_bool(value);
        return true;
    }
    bool on_null(ErrorCode& /*error*/) {
        stack.push_null();
        return true;
    }
    bool on_comment_part(View /*part*/, ErrorCode& /*error*/) { return true; }
    bool on_comment(View /*part*/, ErrorCode& /*error*/) { return true; }

    boost::json::value_stack stack;
    std::vector<std::unordered_set<std::string>> names;
    std::string name;
};

} // namespace

Result<Value> parse(std::string_view text) {
    boost::json::parse_options options;
    options.max_depth = limits::kJsonDepth;
    boost::json::basic_parser<IjsonHandler> parser(options);
    boost::json::error_code error;
    const auto read = parser.write_some(false, text.data(), text.size(), error);
    if (error)
        return fail(Code::bad_syntax, "not I-JSON at byte " + std::to_string(read));
    // The tokenizer stops behind the value; only blanks may follow.
    if (text.find_first_not_of(" \t\r\n", read) != std::string_view::npos)
        return fail(Code::bad_syntax, "bytes behind the JSON value");
    return parser.handler().stack.release();
}

} // namespace lockstep::json
