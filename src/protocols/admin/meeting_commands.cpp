// What an account lets meetings do by themselves: whose invitations come into its calendar, and who
// may see when it is busy.
#include <fmt/format.h>

#include "office/scheduling_policy.hpp"
#include "protocols/admin/commands.hpp"

namespace lockstep::admin {
namespace {

using office::FreeBusyAudience;
using office::InvitationPolicy;

std::string_view name_of_policy(InvitationPolicy policy) {
    switch (policy) {
    case InvitationPolicy::nobody:
        return "nobody";
    case InvitationPolicy::known:
        return "known";
    case InvitationPolicy::everybody:
        return "everybody";
    }
    return "known";
}

Result<> read_invitations(std::string_view text, InvitationPolicy& policy) {
    for (const auto each :
         {InvitationPolicy::nobody, InvitationPolicy::known, InvitationPolicy::everybody})
        if (text == name_of_policy(each)) {
            policy = each;
            return {};
        }
    return fail(Code::bad_value, "--invitations is nobody, known or everybody");
}

Result<> read_audience(std::string_view text, FreeBusyAudience& audience) {
    if (text != "nobody" && text != "domain")
        return fail(Code::bad_value, "--free-busy is nobody or domain");
    audience = text == "nobody" ? FreeBusyAudience::nobody : FreeBusyAudience::domain;
    return {};
}

} // namespace

Task<Result<Answer>> Commands::account_meetings(const Request& request) {
    CO_TRY(const auto account, co_await account_of(request, "address", false));
    auto& database = directory_.database();
    CO_TRY(auto policy, co_await office::meeting_policy(database, account.id));
    const auto invitations = request.arg("invitations"), free_busy = request.arg("free-busy");
    if (!invitations.empty())
        CO_CHECK_OK(read_invitations(invitations, policy.invitations));
    if (!free_busy.empty())
        CO_CHECK_OK(read_audience(free_busy, policy.free_busy));
    if (!invitations.empty() || !free_busy.empty())
        CO_CHECK_OK(co_await office::set_meeting_policy(database, account.id, policy));
    Answer answer{"", {"address", "invitations", "free-busy"}, {}};
    const auto* audience = policy.free_busy == FreeBusyAudience::nobody ? "nobody" : "domain";
    answer.rows.push_back(
        {account.address, std::string(name_of_policy(policy.invitations)), std::string(audience)}
    );
    co_return answer;
}

} // namespace lockstep::admin
