// Configuration to the queue's options.
#include "server/mail_out.hpp"

#include <fstream>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "mailflow/signer.hpp"
#include "office/outbound.hpp"

namespace lockstep::server {
namespace {

Secret<std::string> first_line(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    if (!path.empty() && !std::getline(file, line))
        log::error("smtp.no_password", {{"file", path}});
    return Secret<std::string>(std::string(trim(line)));
}

} // namespace

Result<> MailOut::open() {
    const auto config = config_();
    TRY(resolver_,
        mailflow::open_resolver({config.dns.server, config.dns.zone_file, config.dns.anchor_file}));
    return {};
}

Result<> MailOut::start() {
    const auto config = config_();
    follow(config);
    queue_ = std::make_unique<mailflow::Queue>(
        office_, *resolver_, threads_, [this] { return options(); }, mailflow::signer(office_)
    );
    return queue_->start();
}

void MailOut::stop() {
    // What is not answered in time is tried again at the next start (D7).
    if (queue_)
        queue_->stop(limits::kHttpStop);
}

void MailOut::follow(const Config& config) {
    office_.outbound.set_allowance({config.smtp.sent_per_hour, config.smtp.recipients_per_hour});
}

office::Judge MailOut::judge() {
    return mailflow::screen(office_, *resolver_, [this] { return screen_options(); });
}

mailflow::ScreenOptions MailOut::screen_options() const {
    const auto config = config_();
    mailflow::ScreenOptions options;
    options.on = config.inbound.check != "off";
    options.loopback = config.inbound.check == "all";
    options.dmarc_reject = config.inbound.dmarc_reject;
    if (config.inbound.rspamd != "off")
        options.rspamd = config.inbound.rspamd;
    for (const auto list : split(config.inbound.dns_lists, ','))
        if (!trim(list).empty())
            options.dns_lists.push_back(lower(trim(list)));
    return options;
}

Task<Result<std::vector<std::string>>> MailOut::look_up(std::string name, std::string type) {
    auto found = co_await mailflow::look_up(*resolver_, std::move(name), std::move(type));
    co_return found;
}

mailflow::QueueOptions MailOut::options() const {
    const auto config = config_();
    mailflow::QueueOptions options;
    options.route.hostname = office_.hostname();
    options.route.smarthost = config.smtp.smarthost;
    options.route.port = static_cast<std::uint16_t>(config.smtp.outbound_port);
    options.login = config.smtp.smarthost_login;
    if (!options.login.empty())
        options.password = first_line(config.smtp.smarthost_password_file);
    return options;
}

} // namespace lockstep::server
