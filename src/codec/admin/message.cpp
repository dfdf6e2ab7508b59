// Encodes and decodes the lines of the administration socket.
#include "codec/admin/message.hpp"

#include <optional>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/text.hpp"

namespace lockstep::admin {

namespace {

namespace json = boost::json;

constexpr std::size_t kCommandWords = 8;
constexpr std::size_t kArguments = 64;

Result<> malformed(std::string_view what) {
    return fail(Code::bad_syntax, fmt::format("malformed line: {}", what));
}

Result<json::object> parse_object(std::string_view line) {
    json::error_code error;
    json::parse_options options;
    options.max_depth = 4;
    auto value = json::parse({line.data(), line.size()}, error, {}, options);
    if (error || !value.is_object())
        return fail(Code::bad_syntax, "malformed line: not a JSON object");
    return std::move(value.as_object());
}

std::string_view view(const json::string& text) { return {text.data(), text.size()}; }

std::optional<std::string> text_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains({name.data(), name.size()});
    if (value == nullptr || !value->is_string())
        return std::nullopt;
    return std::string(view(value->get_string()));
}

std::optional<Code> code_named(std::string_view name) {
    for (int number = 0; number <= static_cast<int>(Code::internal); ++number) {
        if (name_of(static_cast<Code>(number)) == name)
            return static_cast<Code>(number);
    }
    return std::nullopt;
}

json::value to_value(const Cell& cell) {
    return std::visit([](const auto& held) { return json::value(held); }, cell);
}

std::optional<Cell> to_cell(const json::value& value) {
    if (const auto* text = value.if_string())
        return Cell(std::string(view(*text)));
    if (const auto* number = value.if_int64())
        return Cell(*number);
    if (const auto* truth = value.if_bool())
        return Cell(*truth);
    return std::nullopt;
}

Result<> decode_columns(const json::object& object, Answer& answer) {
    const auto* columns = object.if_contains("columns");
    if (columns == nullptr)
        return {};
    if (!columns->is_array())
        return malformed("columns");
    for (const auto& column : columns->get_array()) {
        if (!column.is_string())
            return malformed("columns");
        answer.columns.emplace_back(view(column.get_string()));
    }
    return {};
}

Result<> decode_rows(const json::object& object, Answer& answer) {
    const auto* rows = object.if_contains("rows");
    if (rows == nullptr)
        return {};
    if (!rows->is_array())
        return malformed("rows");
    for (const auto& row : rows->get_array()) {
        if (!row.is_array() || row.get_array().size() != answer.columns.size())
            return malformed("rows");
        auto& cells = answer.rows.emplace_back();
        for (const auto& value : row.get_array()) {
            auto cell = to_cell(value);
            if (!cell)
                return malformed("rows");
            cells.push_back(*std::move(cell));
        }
    }
    return {};
}

} // namespace

std::string_view Request::arg(std::string_view name) const {
    const auto found = args.find(name);
    return found == args.end() ? std::string_view() : std::string_view(found->second);
}

std::string encode(const Request& request) {
    json::array words;
    for (const auto& word : request.command)
        words.emplace_back(word);
    json::object args;
    for (const auto& [name, value] : request.args)
        args.emplace(name, value);
    return json::serialize(json::object{{"command", std::move(words)}, {"args", std::move(args)}});
}

Result<Request> decode_request(std::string_view line) {
    TRY(const auto object, parse_object(line));
    Request request;
    const auto* words = object.if_contains("command");
    if (words == nullptr || !words->is_array() || words->get_array().empty() ||
        words->get_array().size() > kCommandWords) {
        return fail(Code::bad_syntax, "malformed line: command");
    }
    for (const auto& word : words->get_array()) {
        if (!word.is_string())
            return fail(Code::bad_syntax, "malformed line: command");
        request.command.emplace_back(view(word.get_string()));
    }
    const auto* args = object.if_contains("args");
    if (args == nullptr)
        return request;
    if (!args->is_object() || args->get_object().size() > kArguments)
        return fail(Code::bad_syntax, "malformed line: args");
    for (const auto& [name, value] : args->get_object()) {
        if (!value.is_string())
            return fail(Code::bad_syntax, "malformed line: args");
        request.args.emplace(std::string(name.data(), name.size()), view(value.get_string()));
    }
    return request;
}

std::string encode(const Result<Answer>& answer) {
    if (!answer) {
        return json::serialize(json::object{
            {"ok", false},
            {"code", std::string(name_of(answer.error().code))},
            {"text", clean_utf8(answer.error().text)}
        });
    }
    json::object object{{"ok", true}};
    if (answer->wrong)
        object.emplace("wrong", true);
    if (!answer->text.empty())
        object.emplace("text", answer->text);
    if (!answer->columns.empty()) {
        object.emplace("columns", json::array(answer->columns.begin(), answer->columns.end()));
        json::array rows;
        for (const auto& row : answer->rows) {
            json::array cells;
            for (const auto& cell : row)
                cells.push_back(to_value(cell));
            rows.push_back(std::move(cells));
        }
        object.emplace("rows", std::move(rows));
    }
    return json::serialize(object);
}

Result<Answer> decode_answer(std::string_view line) {
    TRY(const auto object, parse_object(line));
    const auto* ok = object.if_contains("ok");
    if (ok == nullptr || !ok->is_bool())
        return fail(Code::bad_syntax, "malformed line: ok");
    auto text = text_of(object, "text");
    if (!ok->get_bool()) {
        const auto code = code_named(text_of(object, "code").value_or(""));
        if (!code || !text)
            return fail(Code::bad_syntax, "malformed line: an error without code or text");
        return fail(*code, *std::move(text));
    }
    Answer answer;
    answer.text = std::move(text).value_or("");
    const auto* wrong = object.if_contains("wrong");
    if (wrong != nullptr && !wrong->is_bool())
        return fail(Code::bad_syntax, "malformed line: wrong");
    answer.wrong = wrong != nullptr && wrong->get_bool();
    CHECK_OK(decode_columns(object, answer));
    CHECK_OK(decode_rows(object, answer));
    if (answer.columns.empty() && !answer.rows.empty())
        return fail(Code::bad_syntax, "malformed line: rows without columns");
    return answer;
}

std::string to_json(const Answer& answer) {
    if (answer.columns.empty())
        return json::serialize(json::object{{"text", answer.text}}) + "\n";
    json::array objects;
    for (const auto& row : answer.rows) {
        json::object object;
        for (std::size_t at = 0; at < row.size(); ++at)
            object.emplace(answer.columns[at], to_value(row[at]));
        objects.push_back(std::move(object));
    }
    return json::serialize(objects) + "\n";
}

} // namespace lockstep::admin
