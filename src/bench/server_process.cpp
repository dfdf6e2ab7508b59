// Starts the binary that lies beside this one (or LOCKSTEP_BIN) and reads its "ready" line.
#include "bench/server_process.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.hpp"

namespace lockstep::bench {
namespace {

namespace fs = std::filesystem;

fs::path server_binary() {
    if (const char* named = std::getenv("LOCKSTEP_BIN"))
        return named;
    return fs::read_symlink("/proc/self/exe").parent_path() / "lockstep";
}

/// The child: never returns.
[[noreturn]] void
become_server(const fs::path& data, int output, const std::vector<std::string>& words) {
    // Whatever becomes of us, the server does not outlive us.
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    const int log =
        ::open((data / "server.log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(log >= 0 ? log : output, STDERR_FILENO);
    std::vector<char*> arguments;
    for (const auto& word : words)
        arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
}

/// The next line of the server's output; empty at its end.
std::string read_line(int output) {
    std::string line;
    for (char byte = 0; line.size() < 4'096 && ::read(output, &byte, 1) == 1 && byte != '\n';)
        line += byte;
    return line;
}

std::uint16_t port_of(std::string_view ready, std::string_view door) {
    for (const auto word : split(ready, ' '))
        if (word.starts_with(door) && word.contains('='))
            return parse_int<std::uint16_t>(word.substr(word.rfind(':') + 1)).value_or(0);
    return 0;
}

} // namespace

Result<Scratch> Scratch::create() {
    std::string path = (fs::temp_directory_path() / "lockstep-bench-XXXXXX").string();
    if (::mkdtemp(path.data()) == nullptr)
        return fail(
            Code::unavailable, fmt::format("cannot make a directory: {}", std::strerror(errno))
        );
    return Scratch(path);
}

Scratch::~Scratch() {
    std::error_code ignored;
    if (!path_.empty() && std::getenv("LOCKSTEP_KEEP") == nullptr)
        fs::remove_all(path_, ignored);
}

Result<ServerProcess>
ServerProcess::start(const fs::path& data, const std::vector<std::string>& settings) {
    std::vector<std::string> words = {server_binary().string(), "--data", data.string(), "serve"};
    // What stands later wins: a benchmark's own settings come behind these.
    std::vector<std::string> all = {"listen.https=127.0.0.1:0", "listen.smtp=127.0.0.1:0",
                                    "listen.imaps=off",         "listen.submission=off",
                                    "listen.submissions=off",   "eas.max_devices=1000",
                                    "eas.max_requests=0",       "eas.max_writes=0",
                                    "eas.max_bytes=0",          "log.level=warn"};
    all.insert(all.end(), settings.begin(), settings.end());
    for (auto& setting : all) {
        words.emplace_back("--set");
        words.push_back(std::move(setting));
    }
    int pipe[2];
    if (::pipe2(pipe, O_CLOEXEC) != 0)
        return fail(Code::unavailable, "no pipe");
    ServerProcess process;
    process.pid_ = ::fork();
    if (process.pid_ == 0)
        become_server(data, pipe[1], words);
    ::close(pipe[1]);
    process.output_ = pipe[0];
    if (process.pid_ < 0)
        return fail(Code::unavailable, "cannot fork");
    std::string line;
    do
        line = read_line(process.output_);
    while (!line.empty() && !line.starts_with("ready "));
    process.https_ = port_of(line, "https=");
    process.smtp_ = port_of(line, "smtp=");
    if (process.https_ == 0 || process.smtp_ == 0)
        return fail(Code::unavailable, fmt::format("{} did not start", words.front()));
    return process;
}

ServerProcess::ServerProcess(ServerProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), output_(std::exchange(other.output_, -1)),
      https_(other.https_), smtp_(other.smtp_) {}

ServerProcess::~ServerProcess() {
    const auto stopped = stop();
    if (!stopped)
        fmt::print(stderr, "bench: {}\n", stopped.error().text);
    if (output_ >= 0)
        ::close(output_);
}

Result<> ServerProcess::stop() {
    if (pid_ < 0)
        return {};
    const auto pid = std::exchange(pid_, -1);
    ::kill(pid, SIGTERM);
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return fail(Code::internal, fmt::format("the server ended with status {}", status));
    return {};
}

std::size_t allow_many_descriptors() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
}

} // namespace lockstep::bench
