// Orders and acknowledgements of wipes.
#include "protocols/activesync/provision_wipe.hpp"

#include "base/text.hpp"

namespace lockstep::activesync {
namespace {

namespace pv = wbxml::provision;

/// What the device says of the wipe: 1 done, 2 failed; none: it says nothing.
std::optional<int> wipe_status(const wbxml::Node& request) {
    for (const auto tag : {pv::RemoteWipe, pv::AccountOnlyRemoteWipe})
        if (const auto* wipe = request.find(tag); wipe != nullptr && wipe->has(pv::Status))
            return parse_int<int>(trim(wipe->text_of(pv::Status))).value_or(0);
    return std::nullopt;
}

Result<Reply> answer_order(const Exchange& exchange, bool order) {
    wbxml::Writer out(exchange.version);
    out.open(pv::Provision);
    out.element(pv::Status, 1);
    if (order)
        out.empty(
            office::wipe_of(exchange.device).kind == office::WipeKind::account_only
                ? pv::AccountOnlyRemoteWipe
                : pv::RemoteWipe
        );
    out.close();
    return reply_of(out);
}

Result<Reply> answer_bad(const Exchange& exchange) {
    wbxml::Writer out(exchange.version);
    out.open(pv::Provision);
    out.element(pv::Status, 2);
    out.close();
    return reply_of(out);
}

} // namespace

Task<Result<Reply>> answer_wipe(Exchange& exchange, const wbxml::Node& request) {
    const auto status = wipe_status(request);
    if (status && *status != 1 && *status != 2)
        co_return answer_bad(exchange);
    const auto account = exchange.actor.account.id;
    const auto state = office::wipe_of(exchange.device).state;
    const bool answered = status && state == office::WipeState::sent;
    // Only 16.1 knows how to remove one account; an older conversation of the device waits.
    const bool sayable = office::wipe_of(exchange.device).kind != office::WipeKind::account_only ||
                         exchange.version >= wbxml::Version::v16_1;
    std::function<Result<office::Device>(office::Txn&)> work =
        [&office = exchange.office(), account, id = exchange.device.id, answered, sayable,
         done = status == 1](office::Txn& txn) -> Result<office::Device> {
        auto device = office::find_device(txn, account, id);
        if (!device)
            return fail(Code::not_found, "the device was removed meanwhile");
        if (answered)
            CHECK_OK(office::wipe_answered(txn, office, account, *device, done));
        else if (sayable)
            office::wipe_sent(txn, office, account, *device);
        return std::move(*device);
    };
    CO_TRY(
        exchange.device,
        co_await exchange.office().db.write<office::Device>(account, std::move(work))
    );
    co_return answer_order(exchange, !answered && sayable);
}

} // namespace lockstep::activesync
