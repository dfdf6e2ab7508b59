// Follows a certificate and a key file: once a second their identity (inode, size, time of change)
// is compared. Polling was chosen over inotify: it sees renames, symlink swaps (as ACME clients do)
// and network file systems alike.
#include <fstream>
#include <sstream>

#include <sys/stat.h>

#include "base/locked.hpp"
#include "base/log.hpp"
#include "net/certificate.hpp"

namespace lockstep::net {
namespace {

constexpr auto kLookEvery = std::chrono::seconds(1);
constexpr std::size_t kFileBytes = 1U << 20U;

/// What changes when a file is replaced or rewritten; equal for two looks at the same file.
struct FileMark {
    ino_t inode = 0;
    off_t size = -1;
    std::int64_t changed_ns = 0;
    friend bool operator==(const FileMark&, const FileMark&) = default;
};

FileMark mark_of(const std::string& path) {
    struct stat facts{};
    if (::stat(path.c_str(), &facts) != 0)
        return {};
    return {
        facts.st_ino, facts.st_size, facts.st_mtim.tv_sec * 1'000'000'000LL + facts.st_mtim.tv_nsec
    };
}

Result<std::string> read_whole(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return fail(Code::not_found, "cannot read " + path);
    std::string text(kFileBytes + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > kFileBytes)
        return fail(Code::corrupt, path + " is too large for a certificate or key");
    return text;
}

} // namespace

struct CertificateFiles::State : std::enable_shared_from_this<CertificateFiles::State> {
    using Marks = std::pair<FileMark, FileMark>;
    struct Seen {
        std::shared_ptr<const TlsContext> current;
        Marks loaded;         ///< the files as they were when they were last tried
        bool pending = false; ///< that try failed and was not reported: the writer may be half way
    };

    State(Clock& time, std::string certificate, std::string key)
        : clock(time), certificate_path(std::move(certificate)), key_path(std::move(key)) {}

    [[nodiscard]] Marks marks() const { return {mark_of(certificate_path), mark_of(key_path)}; }
    [[nodiscard]] Result<std::shared_ptr<const TlsContext>> load() const {
        TRY(const auto certificate, read_whole(certificate_path));
        TRY(const auto key, read_whole(key_path));
        return TlsContext::create(certificate, key);
    }
    bool look();
    void look_later();

    Clock& clock;
    const std::string certificate_path;
    const std::string key_path;
    LockGuarded<Seen> seen;
    std::mutex looking; ///< one look at a time
    std::atomic<TimerId> timer = 0;
};

/// A failed pair is tried again once with the next look, unchanged, before it is reported: two
/// files are never replaced in one instant.
bool CertificateFiles::State::look() {
    const std::lock_guard lock(looking);
    const auto now = marks();
    const auto [changed, pending] =
        seen.with([&](const Seen& last) { return std::pair(last.loaded != now, last.pending); });
    if (!changed && !pending)
        return false;
    auto loaded = load();
    const bool again = !loaded && changed;
    seen.with([&](Seen& last) {
        last.loaded = now;
        last.pending = again;
        if (loaded)
            last.current = *loaded;
    });
    if (loaded)
        log::info("tls.certificate_replaced", {{"fingerprint", (*loaded)->fingerprint()}});
    if (!loaded && !again)
        log::error(
            "tls.certificate_unusable", {{"file", certificate_path}, {"reason", loaded.error()}}
        );
    return loaded.has_value();
}

void CertificateFiles::State::look_later() {
    timer = clock.call_after(kLookEvery, [weak = weak_from_this()] {
        const auto self = weak.lock();
        if (!self)
            return;
        self->look();
        self->look_later();
    });
}

Result<std::unique_ptr<CertificateFiles>>
CertificateFiles::open(Clock& clock, std::string certificate_path, std::string key_path) {
    auto state = std::make_shared<State>(clock, std::move(certificate_path), std::move(key_path));
    const auto marks = state->marks();
    TRY(auto loaded, state->load());
    state->seen.with([&](State::Seen& seen) { seen = {std::move(loaded), marks, false}; });
    state->look_later();
    return std::unique_ptr<CertificateFiles>(new CertificateFiles(std::move(state)));
}

CertificateFiles::~CertificateFiles() { state_->clock.cancel(state_->timer); }

std::shared_ptr<const TlsContext> CertificateFiles::current() const {
    return state_->seen.with([](const State::Seen& seen) { return seen.current; });
}

TlsSource CertificateFiles::source() const {
    return [state = state_] {
        return state->seen.with([](const State::Seen& seen) { return seen.current; });
    };
}

bool CertificateFiles::reload_if_changed() { return state_->look(); }

} // namespace lockstep::net
