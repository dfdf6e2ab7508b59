// What is done with devices: pause, access, names, fresh starts and wipes.
#include <array>

#include <fmt/format.h>

#include "office/devices.hpp"
#include "protocols/admin/office_commands.hpp"
#include "protocols/admin/values.hpp"

namespace lockstep::admin {
namespace {

constexpr const char* kBy = "The administrator";

/// The account and the device's id that a request names.
struct Named {
    directory::Account account;
    std::string device;
};

Task<Result<Named>> named(office::Office& office, const Request& request) {
    Named result;
    CO_TRY(result.account, co_await owner_of(office, request, "address"));
    result.device = request.arg("device");
    CO_CHECK_OK(co_await office::device_of(office, result.account.id, result.device));
    co_return result;
}

Task<Result<Answer>> pause(office::Office& office, Request request) {
    CO_TRY(const auto one, co_await named(office, request));
    CO_CHECK_OK(co_await office::set_paused(office, one.account.id, one.device, true));
    co_return said(
        fmt::format("{} is paused: it gets nothing new, what it sends is taken.", one.device)
    );
}

Task<Result<Answer>> resume(office::Office& office, Request request) {
    CO_TRY(const auto one, co_await named(office, request));
    CO_CHECK_OK(co_await office::set_paused(office, one.account.id, one.device, false));
    co_return said(fmt::format("{} goes on.", one.device));
}

Task<Result<Answer>> restart(office::Office& office, Request request) {
    CO_TRY(const auto one, co_await named(office, request));
    CO_CHECK_OK(co_await office::restart_sync(office, one.account.id, one.device));
    co_return said(fmt::format("{} will load everything anew.", one.device));
}

Task<Result<Answer>> allow(office::Office& office, Request request) {
    CO_TRY(const auto one, co_await named(office, request));
    CO_CHECK_OK(co_await office::set_access(
        office, one.account.id, one.device, office::Access::allowed, kBy
    ));
    co_return said(fmt::format("{} may synchronise.", one.device));
}

Task<Result<Answer>> block(office::Office& office, Request request) {
    CO_TRY(const auto one, co_await named(office, request));
    CO_CHECK_OK(co_await office::set_access(
        office, one.account.id, one.device, office::Access::blocked, kBy
    ));
    co_return said(fmt::format("{} is blocked; it keeps what it has.", one.device));
}

Task<Result<Answer>> rename(office::Office& office, Request request) {
    CO_TRY(const auto one, co_await named(office, request));
    std::string name(request.arg("name"));
    CO_CHECK_OK(co_await office::rename_device(office, one.account.id, one.device, name));
    co_return said(fmt::format("{} is called '{}'.", one.device, name));
}

Task<Result<Answer>> wipe(office::Office& office, Request request) {
    CO_TRY(const auto one, co_await named(office, request));
    const bool full = request.arg("everything") == "true";
    CO_CHECK_OK(co_await office::order_wipe(
        office, one.account.id, one.device,
        full ? office::WipeKind::full : office::WipeKind::account_only, kBy,
        std::string(request.arg("reason"))
    ));
    co_return said(fmt::format(
        "{} will be told to erase {} when it comes by.", one.device,
        full ? "everything on it" : "this account"
    ));
}

Task<Result<Answer>> unwipe(office::Office& office, Request request) {
    CO_TRY(const auto one, co_await named(office, request));
    CO_CHECK_OK(co_await office::call_back_wipe(office, one.account.id, one.device, kBy));
    co_return said(fmt::format("{} need not erase anything.", one.device));
}

Task<Result<Answer>> show_log(office::Office& office, Request request) {
    CO_TRY(const auto one, co_await named(office, request));
    CO_TRY(const auto events, co_await office::device_log(office, one.account.id, one.device));
    Answer answer{"", {"time", "what"}, {}};
    for (const auto& each : events)
        answer.rows.push_back({time_text(each.at_us), each.text});
    co_return answer;
}

constexpr std::array kPartnerships = {
    OfficeCommand{"device pause", pause},     OfficeCommand{"device resume", resume},
    OfficeCommand{"device restart", restart}, OfficeCommand{"device allow", allow},
    OfficeCommand{"device block", block},     OfficeCommand{"device rename", rename},
    OfficeCommand{"device wipe", wipe},       OfficeCommand{"device unwipe", unwipe},
    OfficeCommand{"device log", show_log},
};

} // namespace

std::span<const OfficeCommand> partnership_commands() { return kPartnerships; }

} // namespace lockstep::admin
