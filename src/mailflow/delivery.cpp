// Connecting to a destination, and sending over the connection.
#include "mailflow/delivery.hpp"

#include <algorithm>

#include "base/limits_mail.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "net/connect.hpp"
#include "office/delivery.hpp"

namespace lockstep::mailflow {
namespace {

using Kind = office::Outcome::Kind;
using Client = std::unique_ptr<SmtpClient>;

constexpr auto kUnsettled = std::chrono::seconds(10);

/// Why nothing can be sent now, or ever.
struct Trouble {
    Kind kind = Kind::put_off;
    std::string status = "4.4.1";
    std::string remote;
    std::string reply;
};

struct Connected {
    Client client;
    std::string host;
};

net::TlsWish wish_of(const Worker& worker, const Host& host, const Reach& reach) {
    net::TlsWish wish;
    wish.name = host.name;
    wish.verify = host.verify;
    if (!reach.tlsa.empty()) {
        wish.verify = net::TlsWish::Verify::dane;
        wish.tlsa = reach.tlsa;
        wish.more_names = host.names;
    } else if (!worker.options.login.empty()) {
        // A password is given to nobody but the host that it is for.
        wish.verify = net::TlsWish::Verify::pki;
    }
    return wish;
}

Trouble trouble_of(const Error& error, std::string remote) {
    Trouble trouble;
    trouble.remote = std::move(remote);
    trouble.reply = error.text;
    if (error.code == Code::not_found) {
        trouble.kind = Kind::failed;
        trouble.status = "5.1.2";
    } else if (error.code == Code::unauthorized) {
        trouble.status = "4.7.5";
    } else if (error.code == Code::timeout) {
        trouble.status = "4.4.2";
    }
    return trouble;
}

Task<Result<>> secure(
    const Worker& worker, SmtpClient& client, const Host& host, net::TlsWish wish, bool plain_again
) {
    const bool must = wish.verify != net::TlsWish::Verify::none;
    if (host.tls_first || plain_again)
        co_return Result<>();
    if (!client.offers().starttls) {
        if (must)
            co_return fail(Code::unauthorized, "the server offers no TLS, which is required");
        co_return Result<>();
    }
    auto started = co_await client.start_tls(worker.tls, std::move(wish));
    co_return started;
}

/// One address of one host. `plain_again`: TLS failed there and is not required.
Task<Result<Client>> call(
    const Worker& worker, const Host& host, const Reach& reach, std::string address,
    bool plain_again
) {
    CO_TRY(auto stream, co_await net::connect(std::move(address), host.port, limits::kConnectTime));
    auto client = std::make_unique<SmtpClient>(std::move(stream), worker.options.route.hostname);
    auto wish = wish_of(worker, host, reach);
    if (host.tls_first) {
        const auto begun = co_await client->begin_tls(worker.tls, wish);
        CO_CHECK_OK(begun);
    }
    CO_TRY(const auto greeting, co_await client->greet());
    if (!greeting.good())
        co_return fail(greeting.permanent() ? Code::conflict : Code::unavailable, greeting.text());
    const auto secured = co_await secure(worker, *client, host, std::move(wish), plain_again);
    CO_CHECK_OK(secured);
    if (!worker.options.login.empty()) {
        const auto signed_in =
            co_await client->sign_in(worker.options.login, worker.options.password);
        CO_CHECK_OK(signed_in);
    }
    co_return client;
}

/// RFC 7435: where TLS is not required, a broken one is no reason to keep the mail.
bool may_go_plain(const Worker& worker, const Host& host, const Reach& reach, const Error& error) {
    const bool required = host.verify != net::TlsWish::Verify::none || !reach.tlsa.empty() ||
                          !worker.options.login.empty();
    return !required && !host.tls_first &&
           (error.code == Code::closed || error.code == Code::unsupported ||
            error.code == Code::timeout || error.code == Code::forbidden);
}

Task<Result<Client>> call_host(const Worker& worker, const Host& host, const Reach& reach) {
    Result<Client> client = fail(Code::unavailable, "no address");
    for (const auto& address : reach.addresses) {
        client = co_await call(worker, host, reach, address, false);
        if (!client && may_go_plain(worker, host, reach, client.error()))
            client = co_await call(worker, host, reach, address, true);
        if (client)
            break;
    }
    co_return client;
}

/// The first host that takes us.
Task<std::expected<Connected, Trouble>> connect_to(const Worker& worker) {
    const auto hosts = co_await find_hosts(worker.resolver, worker.options.route, worker.domain);
    if (!hosts)
        co_return std::unexpected(trouble_of(hosts.error(), {}));
    Trouble trouble;
    for (const auto& host : *hosts) {
        const auto reach = co_await find_reach(worker.resolver, host);
        if (!reach) {
            trouble = trouble_of(reach.error(), {});
            // One host without address says nothing of the others, and may be mended.
            trouble.kind = Kind::put_off;
            trouble.status = "4.4.4";
            continue;
        }
        auto client = co_await call_host(worker, host, *reach);
        if (client)
            co_return Connected{std::move(*client), host.name};
        log::info(
            "queue.host_failed",
            {{"domain", worker.domain}, {"host", host.name}, {"reason", client.error()}}
        );
        trouble = trouble_of(client.error(), host.name);
    }
    co_return std::unexpected(trouble);
}

office::Outcome
outcome_of(std::int64_t number, const smtp::Answer& answer, const std::string& host, bool dsn) {
    office::Outcome outcome;
    outcome.number = number;
    outcome.status = smtp::status_of(answer);
    outcome.remote = host;
    outcome.reply = answer.text();
    outcome.kind = answer.permanent() ? Kind::failed
                   : !answer.good()   ? Kind::put_off
                   : dsn              ? Kind::delivered
                                      : Kind::relayed;
    return outcome;
}

std::vector<office::Outcome> outcomes_of(const Job& job, const Trouble& trouble) {
    std::vector<office::Outcome> all;
    for (const auto number : job.numbers)
        all.push_back({number, trouble.kind, trouble.status, trouble.remote, trouble.reply});
    return all;
}

ClientMail client_mail(const office::OutgoingMail& mail, std::string_view message) {
    ClientMail made;
    made.sender = mail.entry.message.sender;
    made.utf8 = mail.entry.message.utf8;
    made.envid = mail.entry.message.envid;
    made.ret = mail.entry.message.ret;
    made.eight_bit = !is_ascii(message);
    made.message = message;
    for (const auto& each : mail.entry.recipients)
        made.recipients.push_back({each.address, each.notify, each.orcpt});
    return made;
}

/// Only those that are this job's and still wait.
void keep_numbers(office::OutgoingMail& mail, const Job& job) {
    std::erase_if(mail.entry.recipients, [&](const store::QueuedRecipient& each) {
        return std::ranges::find(job.numbers, each.number) == job.numbers.end();
    });
}

Task<std::vector<office::Outcome>>
send_over(const Worker& worker, Connected& to, const Job& job, const office::OutgoingMail& mail) {
    auto message = mail.bytes;
    if (worker.sign) {
        auto with = co_await worker.sign(mail.entry.message.sender, message);
        if (with)
            message = std::move(*with);
        else
            log::warn("queue.not_signed", {{"message", job.id}, {"reason", with.error()}});
    }
    const auto result = co_await to.client->send(client_mail(mail, message));
    if (!result)
        co_return outcomes_of(job, trouble_of(result.error(), to.host));
    std::vector<office::Outcome> outcomes;
    for (std::size_t i = 0; i < result->size(); ++i)
        outcomes.push_back(outcome_of(
            mail.entry.recipients[i].number, (*result)[i], to.host, to.client->offers().dsn
        ));
    co_return outcomes;
}

/// Mail that was held back until now, or whose domain came here since: into the mailboxes.
Task<std::vector<office::Outcome>>
deliver_here(const Worker& worker, const office::OutgoingMail& mail) {
    std::vector<office::Outcome> outcomes;
    for (const auto& each : mail.entry.recipients) {
        office::Outcome outcome{each.number, Kind::local, "2.0.0", {}, "delivered"};
        const auto boxes = co_await office::find_mailboxes(
            worker.office, each.address, mail.entry.message.sender, mail.bytes.size()
        );
        Result<> done;
        if (boxes) {
            office::Envelope envelope;
            envelope.reverse_path = mail.entry.message.sender;
            envelope.recipients = *boxes;
            done = co_await office::deliver(worker.office, std::move(envelope), mail.bytes);
        } else {
            done = std::unexpected(boxes.error());
        }
        if (!done) {
            const bool final = done.error().code == Code::not_found ||
                               done.error().code == Code::forbidden ||
                               done.error().code == Code::too_large;
            outcome.kind = final ? Kind::failed : Kind::put_off;
            outcome.status = final ? "5.1.1" : "4.2.0";
            outcome.reply = done.error().text;
        }
        outcomes.push_back(std::move(outcome));
    }
    co_return outcomes;
}

Task<void> settle(
    const Worker& worker, const office::OutgoingMail& mail, std::vector<office::Outcome> outcomes
) {
    const auto settled = co_await office::settle_outgoing(worker.office, mail, outcomes);
    for (const auto& each : outcomes)
        log::info(
            "queue.tried", {{"message", mail.entry.message.id},
                            {"from", mail.entry.message.sender},
                            {"domain", worker.domain},
                            {"host", each.remote},
                            {"status", each.status},
                            {"reply", each.reply}}
        );
    if (settled)
        co_return;
    log::error(
        "queue.not_settled", {{"message", mail.entry.message.id}, {"reason", settled.error()}}
    );
    // A store that cannot be written is not hammered; the try will be repeated.
    co_await sleep_for(worker.office.clock, kUnsettled);
}

/// One message, over the connection if there is one or can be.
Task<void> do_job(
    const Worker& worker, const Job& job, std::optional<Connected>& to,
    std::optional<Trouble>& trouble, bool local
) {
    auto mail = co_await office::read_outgoing(worker.office, job.account, job.id);
    if (!mail) {
        if (mail.error().code != Code::not_found)
            log::error("queue.unreadable", {{"message", job.id}, {"reason", mail.error()}});
        co_return;
    }
    keep_numbers(*mail, job);
    if (mail->entry.recipients.empty() || mail->entry.message.held)
        co_return;
    std::vector<office::Outcome> outcomes;
    if (local) {
        outcomes = co_await deliver_here(worker, *mail);
    } else {
        if (to && !to->client->usable())
            to.reset();
        if (!to && !trouble) {
            auto connected = co_await connect_to(worker);
            if (connected)
                to = std::move(*connected);
            else
                trouble = connected.error();
        }
        if (to)
            outcomes = co_await send_over(worker, *to, job, *mail);
        else
            outcomes = outcomes_of(job, *trouble);
    }
    co_await settle(worker, *mail, std::move(outcomes));
}

} // namespace

Task<void> work(Worker worker) {
    std::optional<Connected> to;
    // A destination that cannot be reached now is not called again for each of its messages.
    std::optional<Trouble> trouble;
    const auto is_local = co_await worker.office.directory.is_local_domain(worker.domain);
    const bool local = is_local.value_or(false);
    std::size_t sent = 0;
    for (auto job = worker.take(); job; job = worker.take()) {
        co_await do_job(worker, *job, to, trouble, local);
        worker.settled(*job);
        if (to && ++sent % limits::kPerConnection == 0) {
            co_await to->client->quit();
            to.reset();
        }
    }
    if (to)
        co_await to->client->quit();
}

} // namespace lockstep::mailflow
