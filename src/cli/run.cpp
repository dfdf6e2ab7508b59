// Runs one command: here, over the administration socket of a running server, or on a stopped one's
// store.
#include "cli/run.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"
#include "cli/arguments.hpp"
#include "net/local_socket.hpp"
#include "server/version.hpp"

namespace lockstep::cli {

namespace {

/// 2 where the words of the command are at fault, 1 where the world is.
int status_of(Code code) {
    switch (code) {
    case Code::bad_syntax:
    case Code::bad_value:
    case Code::not_found:
    case Code::forbidden:
    case Code::exists:
    case Code::conflict:
    case Code::too_large:
    case Code::unsupported:
        return 2;
    case Code::stale:
    case Code::over_quota:
    case Code::unauthorized:
    case Code::throttled:
    case Code::unavailable:
    case Code::closed:
    case Code::timeout:
    case Code::corrupt:
    case Code::internal:
        return 1;
    }
    return 1;
}

server::ConfigSources sources_of(const Invocation& invocation) {
    if (!invocation.config.empty())
        return {invocation.config, false, invocation.sets};
    return {invocation.data / "lockstep.toml", true, invocation.sets};
}

Result<admin::Answer> show_configuration(const server::Config& config) {
    admin::Answer answer{"", {"key", "value"}, {}};
    for (auto& [key, value] : server::show_config(config))
        answer.rows.push_back({std::move(key), std::move(value)});
    return answer;
}

Result<admin::Answer> run_here(const Invocation& invocation, const Backend& backend) {
    const auto words = invocation.command->words;
    if (words == "version")
        return admin::Answer{fmt::format("lockstep {}", server::version()), {}, {}};
    if (words == "config doc") {
        auto document = server::config_document();
        document.pop_back(); // answers are printed with a line end
        return admin::Answer{std::move(document), {}, {}};
    }
    const auto sources = sources_of(invocation);
    TRY(const auto config, server::load_config(sources));
    if (words == "config show")
        return show_configuration(config);
    if (words == "config check")
        return admin::Answer{"The configuration is good.", {}, {}};
    CHECK_OK(backend.serve(invocation.data, sources, config));
    return admin::Answer{};
}

/// Error: closed = no server runs on this data directory.
Result<admin::Answer> ask_server(const std::filesystem::path& data, const admin::Request& request) {
    TRY(auto connection, net::LocalConnection::connect(data / admin::kSocketName));
    const auto sent = connection.write_line(admin::encode(request));
    if (!sent)
        return fail(
            Code::unavailable, fmt::format("the server does not listen: {}", sent.error().text)
        );
    // No time limit: verify may take long, and whoever waits can interrupt.
    const auto line = connection.read_line(limits::kAdminAnswer, std::chrono::milliseconds(0));
    if (!line)
        return fail(
            Code::unavailable, fmt::format("the server gave no answer: {}", line.error().text)
        );
    auto answer = admin::decode_answer(*line);
    // "closed" means here that there is no server, which one that answered cannot say.
    if (!answer && answer.error().code == Code::closed)
        answer.error().code = Code::unavailable;
    return answer;
}

Result<admin::Request> request_of(const Invocation& invocation, Terminal& terminal) {
    admin::Request request;
    for (std::size_t begin = 0; begin <= invocation.words.size();) {
        const auto end = std::min(invocation.words.find(' ', begin), invocation.words.size());
        request.command.push_back(invocation.words.substr(begin, end - begin));
        begin = end + 1;
    }
    request.args = {invocation.args.begin(), invocation.args.end()};
    if (invocation.command->password && request.arg("kind") != "resource") {
        TRY(const auto password,
            invocation.password_stdin
                ? terminal.read_password()
                : terminal.ask_password(fmt::format("Password for {}: ", request.arg("address"))));
        request.args.emplace("password", password.reveal());
    }
    return request;
}

Result<admin::Answer>
run_office(const Invocation& invocation, const Backend& backend, Terminal& terminal) {
    std::error_code ignored;
    if (!invocation.command->creates && !std::filesystem::is_directory(invocation.data, ignored)) {
        return fail(
            Code::not_found, fmt::format("there is no data directory {}", invocation.data.string())
        );
    }
    const auto sources = sources_of(invocation);
    TRY(const auto config, server::load_config(sources));
    TRY(auto request, request_of(invocation, terminal));
    auto answer = ask_server(invocation.data, request);
    if (answer || answer.error().code != Code::closed)
        return answer;
    return backend.offline(invocation.data, config, std::move(request));
}

} // namespace

int run(std::span<const std::string_view> arguments, const Backend& backend, Terminal& terminal) {
    const auto invocation = parse_arguments(arguments);
    if (!invocation) {
        terminal.err(fmt::format("lockstep: {}\n", invocation.error().text));
        return status_of(invocation.error().code);
    }
    if (invocation->help) {
        terminal.out(help_text(invocation->words));
        return 0;
    }
    const auto answer = invocation->command->runs == Runs::here
                            ? run_here(*invocation, backend)
                            : run_office(*invocation, backend, terminal);
    if (!answer) {
        terminal.err(fmt::format("lockstep: {}\n", answer.error().text));
        return status_of(answer.error().code);
    }
    if (invocation->command->words == "serve")
        return 0;
    terminal.out(invocation->json ? admin::to_json(*answer) : admin::to_table(*answer));
    return answer->wrong ? 1 : 0;
}

} // namespace lockstep::cli
