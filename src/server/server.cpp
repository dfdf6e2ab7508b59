// Wiring: listeners to doors, doors to the office; start, reload and stop.
#include "server/server.hpp"

#include <cstdio>

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/text.hpp"
#include "codec/json/json.hpp"
#include "directory/web_sessions.hpp"
#include "net/http_server.hpp"
#include "net/io.hpp"
#include "net/listener.hpp"
#include "protocols/activesync/door.hpp"
#include "protocols/admin/socket.hpp"
#include "protocols/autodiscover/door.hpp"
#include "protocols/imap/door.hpp"
#include "protocols/jmap/door.hpp"
#include "protocols/smtp/door.hpp"
#include "protocols/web/door.hpp"
#include "protocols/web/files.hpp"
#include "protocols/web/invite.hpp"
#include "server/certificates.hpp"
#include "server/chores.hpp"
#include "server/core.hpp"
#include "server/mail_out.hpp"
#include "server/metrics.hpp"
#include "server/pages.hpp"
#include "server/signals.hpp"
#include "server/well_known.hpp"

namespace lockstep::server {
namespace {

constexpr std::string_view kActiveSync = "/Microsoft-Server-ActiveSync";

activesync::DoorOptions door_options(const Config& config) {
    activesync::DoorOptions options;
    options.heartbeat_min = config.eas.heartbeat_min;
    options.heartbeat_max = config.eas.heartbeat_max;
    options.window_max = static_cast<std::size_t>(config.eas.window_max);
    options.devices_max = static_cast<std::size_t>(config.eas.max_devices);
    options.requests_max = config.eas.max_requests;
    options.writes_max = config.eas.max_writes;
    options.bytes_max = config.eas.max_bytes;
    return options;
}

Task<net::Response> nothing_here() {
    co_return net::Response(404, "text/plain; charset=utf-8", "There is nothing here.\n");
}

/// A command given on the web: the same as on the command line.
Task<Result<json::Object>> administrate(admin::Commands& commands, jmap::AdminCommand command) {
    admin::Request request{std::move(command.words), std::move(command.arguments)};
    CO_TRY(const auto answer, co_await commands.execute(std::move(request)));
    json::Array columns;
    for (const auto& each : answer.columns)
        columns.emplace_back(each);
    json::Array rows;
    for (const auto& row : answer.rows) {
        json::Array cells;
        for (const auto& cell : row)
            std::visit([&cells](const auto& value) { cells.emplace_back(value); }, cell);
        rows.push_back(std::move(cells));
    }
    co_return json::Object{
        {"text", answer.text}, {"columns", std::move(columns)}, {"rows", std::move(rows)}
    };
}

Task<net::Response> client_file(const net::Request& request) { co_return web::serve_file(request); }

class Server {
public:
    Server(std::filesystem::path data, ConfigSources sources, const Config& config)
        : data_(std::move(data)), sources_(std::move(sources)), config_(config) {}

    Result<> start() {
        const auto config = current();
        TRY(core_, Core::open(data_, config));
        TRY(certificates_, Certificates::open(core_->clock(), data_, config));
        threads_ = std::make_unique<net::IoThreads>(static_cast<std::size_t>(config.threads.io));
        activesync_ = std::make_unique<activesync::Door>(core_->office(), [this] {
            return config_.with([](const Config& now) { return door_options(now); });
        });
        autodiscover_ = std::make_unique<autodiscover::Door>(core_->directory(), [this] {
            return current().http.public_name;
        });
        web_sessions_ =
            std::make_unique<directory::WebSessions>(core_->directory(), core_->workers());
        web_ = std::make_unique<web::Door>(*web_sessions_);
        invites_ = std::make_unique<web::InviteDoor>(*web_sessions_, [this] {
            return current().http.public_name;
        });
        jmap_ = std::make_unique<jmap::Door>(core_->office(), *web_sessions_, [this] {
            return jmap::DoorOptions{current().http.public_name};
        });
        mail_out_ =
            std::make_unique<MailOut>(core_->office(), *threads_, [this] { return current(); });
        CHECK_OK(mail_out_->open());
        smtp_ = std::make_unique<smtp::SmtpDoor>(
            core_->office(), [this] { return smtp_options(false); }, certificates_->source(),
            mail_out_->judge()
        );
        lmtp_ = std::make_unique<smtp::SmtpDoor>(
            core_->office(),
            [this] {
                auto options = smtp_options(false);
                options.lmtp = true;
                return options;
            },
            net::TlsSource()
        );
        submission_ = std::make_unique<smtp::SmtpDoor>(
            core_->office(), [this] { return smtp_options(true); }, certificates_->source()
        );
        imap_ = std::make_unique<imap::ImapDoor>(
            core_->office(), [this] { return imap::ImapOptions{current().imap.enabled}; },
            certificates_->source()
        );
        add_process_gauges(metrics_, static_cast<double>(core_->clock().now_us()) / 1e6);
        pages_.metrics = &metrics_;
        pages_.workers = &core_->workers();
        pages_.ready = [this] { return ready_.load(); };
        pages_.acme_webroot = [this] { return current().tls.acme_webroot; };
        http_ = std::make_unique<net::HttpServer>(*threads_, core_->clock(), http_options());
        metrics_.gauge("lockstep_connections", "door=\"http\"", [this] {
            return static_cast<double>(http_->connections());
        });
        metrics_.gauge("lockstep_connections", "door=\"smtp\"", [this] {
            return static_cast<double>(smtp_->connections());
        });
        metrics_.gauge("lockstep_connections", "door=\"imap\"", [this] {
            return static_cast<double>(imap_->connections());
        });
        metrics_.gauge("lockstep_connections", "door=\"submission\"", [this] {
            return static_cast<double>(submission_->connections());
        });
        metrics_.gauge("lockstep_connections", "door=\"out\"", [this] {
            return static_cast<double>(mail_out_->connections());
        });
        metrics_.gauge("lockstep_disk_low", "", [this] { return core_->disk_low() ? 1.0 : 0.0; });
        metrics_.gauge("lockstep_parked_requests", "", [this] {
            return static_cast<double>(core_->office().hub.watching());
        });
        CHECK_OK(listen(config));
        auto lent = core_->lend();
        lent.look_up = [this](std::string name, std::string type) {
            return mail_out_->look_up(std::move(name), std::move(type));
        };
        commands_ = std::make_unique<admin::Commands>(core_->directory(), std::move(lent));
        jmap_->on_administration([this](jmap::AdminCommand command) {
            return administrate(*commands_, std::move(command));
        });
        TRY(admin_, admin::AdminSocket::open(data_, [this](admin::Request request) {
                return commands_->execute(std::move(request));
            }));
        chores_ = std::make_unique<Chores>(*core_, *threads_, *activesync_);
        chores_->finish_what_was_begun();
        CHECK_OK(mail_out_->start());
        ready_ = true;
        chores_->start();
        return {};
    }

    void run() {
        for (;;) {
            if (signals_.wait() == Signal::stop)
                break;
            reload();
        }
        log::info("server.stopping", {});
        ready_ = false;
        core_->stop_long_work();
    }

    /// Doors first, so that what is acknowledged-in-progress is finished while the store is open.
    void stop() {
        chores_->stop();
        for (auto& listener : listeners_)
            listener->stop();
        if (http_)
            http_->stop();
        if (smtp_)
            smtp_->stop();
        if (lmtp_)
            lmtp_->stop();
        if (imap_)
            imap_->stop();
        if (submission_)
            submission_->stop();
        if (mail_out_)
            mail_out_->stop();
        admin_.reset();
        http_.reset();
        listeners_.clear();
        threads_.reset();
        mail_out_.reset();
    }

private:
    Config current() {
        return config_.with([](const Config& config) { return config; });
    }

    smtp::SmtpOptions smtp_options(bool submission) {
        const auto config = current();
        smtp::SmtpOptions options;
        options.hostname = config.smtp.hostname;
        options.max_size = static_cast<std::uint64_t>(config.smtp.max_size);
        options.submission = submission;
        return options;
    }

    net::HttpOptions http_options() {
        net::HttpOptions options;
        options.handler = [this](
                              net::Request& request, net::Connection& connection
                          ) -> Task<net::Response> { return route(request, connection); };
        options.admit = [this](const net::Request& request, const net::Connection&) {
            if (jmap::Door::serves(request.path))
                return jmap_->admit(request);
            if (web::Door::serves(request.path))
                return web::Door::admit(request);
            net::Admission admission;
            // Without credentials nothing is read: a client that was not asked yet sends its upload
            // again.
            if (iequals(request.path, kActiveSync) && request.headers.has("Authorization"))
                admission.max_body = limits::kEasBody;
            else
                admission.max_body = 64U << 10U;
            return admission;
        };
        options.report = [](const Error& error) {
            log::error("http.failed", {{"reason", error.text}});
        };
        options.served = [this](const net::Served& served) { metrics_.served(served); };
        return options;
    }

    /// No coroutine: each parked phone would pay for its frame.
    Task<net::Response> route(net::Request& request, net::Connection& connection) {
        if (iequals(request.path, kActiveSync))
            return activesync_->serve(request, connection);
        if (autodiscover::Door::serves(request.path))
            return autodiscover_->serve(request, connection);
        if (jmap::Door::serves(request.path))
            return jmap_->serve(request, connection);
        if (web::Door::serves(request.path))
            return web_->serve(request, connection);
        if (web::InviteDoor::serves(request.path))
            return invites_->serve(request, connection);
        if (is_well_known(request.path))
            return serve_well_known(core_->office(), current(), request);
        if (is_page(request.path))
            return serve_page(pages_, request);
        if (web::is_client_path(request))
            return client_file(request);
        return nothing_here();
    }

    Result<> listen(const Config& config) {
        std::string opened;
        const auto say = [&](std::string_view name, std::string_view address, std::uint16_t port) {
            opened += fmt::format(" {}={}:{}", name, address.substr(0, address.rfind(':')), port);
        };
        if (config.listen.https != "off") {
            TRY(const auto port, http_->listen(config.listen.https, certificates_->source()));
            say("https", config.listen.https, port);
        }
        if (config.listen.http != "off") {
            TRY(const auto port, http_->listen(config.listen.http));
            say("http", config.listen.http, port);
        }
        const auto open = [&](std::string_view name, const std::string& address,
                              net::Listener::Serve serve, net::TlsSource tls) -> Result<> {
            if (address == "off")
                return {};
            TRY(const auto port, listen_lines(address, std::move(serve), std::move(tls)));
            say(name, address, port);
            return {};
        };
        const auto serve_smtp = [this](std::unique_ptr<net::Stream> stream) {
            return smtp_->serve(std::move(stream));
        };
        if (config.listen.lmtp != "off" && !is_loopback(config.listen.lmtp))
            return fail(Code::bad_value, "listen.lmtp is no loopback address");
        CHECK_OK(open(
            "lmtp", config.listen.lmtp,
            [this](std::unique_ptr<net::Stream> stream) { return lmtp_->serve(std::move(stream)); },
            {}
        ));
        const auto serve_submission = [this](std::unique_ptr<net::Stream> stream) {
            return submission_->serve(std::move(stream));
        };
        CHECK_OK(open("smtp", config.listen.smtp, serve_smtp, {}));
        CHECK_OK(open("smtp_second", config.listen.smtp_second, serve_smtp, {}));
        CHECK_OK(open("submission", config.listen.submission, serve_submission, {}));
        CHECK_OK(open(
            "submissions", config.listen.submissions, serve_submission, certificates_->source()
        ));
        const auto serve_imap = [this](std::unique_ptr<net::Stream> stream) {
            return imap_->serve(std::move(stream));
        };
        CHECK_OK(open("imaps", config.listen.imaps, serve_imap, certificates_->source()));
        CHECK_OK(open("imap", config.listen.imap, serve_imap, {}));
        opened_ = opened;
        return {};
    }

    /// `tls` set: from the first byte. Returns the real port.
    Result<std::uint16_t>
    listen_lines(const std::string& address, net::Listener::Serve serve, net::TlsSource tls) {
        net::ListenOptions options;
        options.address = address;
        options.tls = std::move(tls);
        TRY(auto listener, net::Listener::open(*threads_, options, std::move(serve)));
        const auto port = listener->port();
        listeners_.push_back(std::move(listener));
        return port;
    }

public:
    /// "ready https=127.0.0.1:8443 ..." on standard output, for people and for whoever started us.
    void announce() const {
        std::printf("ready%s\n", opened_.c_str());
        std::fflush(stdout);
    }

private:
    void reload() {
        auto loaded = load_config(sources_);
        if (!loaded) {
            log::error("config.rejected", {{"reason", loaded.error().text}});
            return;
        }
        for (const auto& key : needs_restart(current(), *loaded))
            log::warn("config.needs_restart", {{"key", key}});
        certificates_->follow(*loaded);
        core_->follow(*loaded);
        log::set_level(log::level_named(loaded->log.level).value_or(log::Level::info));
        mail_out_->follow(*loaded);
        config_.with([&](Config& config) { config = *loaded; });
        log::info("config.reloaded", {});
    }

    const std::filesystem::path data_;
    const ConfigSources sources_;
    LockGuarded<Config> config_;
    Signals signals_;
    std::unique_ptr<Core> core_;
    std::unique_ptr<Certificates> certificates_;
    Metrics metrics_;
    PageSources pages_;
    std::atomic<bool> ready_ = false;
    std::unique_ptr<Chores> chores_;
    std::unique_ptr<net::IoThreads> threads_;
    std::unique_ptr<activesync::Door> activesync_;
    std::unique_ptr<autodiscover::Door> autodiscover_;
    std::unique_ptr<directory::WebSessions> web_sessions_;
    std::unique_ptr<web::Door> web_;
    std::unique_ptr<web::InviteDoor> invites_;
    std::unique_ptr<jmap::Door> jmap_;
    std::unique_ptr<smtp::SmtpDoor> smtp_;
    std::unique_ptr<imap::ImapDoor> imap_;
    std::unique_ptr<smtp::SmtpDoor> lmtp_;
    std::unique_ptr<smtp::SmtpDoor> submission_;
    std::unique_ptr<MailOut> mail_out_;
    std::unique_ptr<net::HttpServer> http_;
    std::vector<std::unique_ptr<net::Listener>> listeners_;
    std::unique_ptr<admin::Commands> commands_;
    std::unique_ptr<admin::AdminSocket> admin_;
    std::string opened_;
};

} // namespace

Result<>
serve(const std::filesystem::path& data, const ConfigSources& sources, const Config& config) {
    Server server(data, sources, config);
    CHECK_OK(server.start());
    server.announce();
    server.run();
    server.stop();
    log::info("server.stopped", {});
    return {};
}

Result<admin::Answer>
run_offline(const std::filesystem::path& data, const Config& config, admin::Request request) {
    TRY(const auto core, Core::open(data, config));
    admin::Commands commands(core->directory(), core->lend());
    return block_on(commands.execute(std::move(request)));
}

} // namespace lockstep::server
