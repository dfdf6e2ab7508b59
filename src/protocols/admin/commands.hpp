// Commands: what each administration command does, in terms of the directory and of what the server
// lends it. Invariants: one coroutine per command, found by its words in one table; arguments are
// checked here, as the socket may be spoken by other programs than ours. Errors: bad_value and
// not_found are sentences for whoever typed the command; the rest is what the directory says.
#pragma once
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "codec/admin/message.hpp"
#include "directory/directory.hpp"
#include "office/office.hpp"

namespace lockstep::office {
class Office;
} // namespace lockstep::office

namespace lockstep::admin {

/// A phone or program that synchronises.
struct DeviceFacts {
    std::string id;
    std::string kind;    ///< as it calls itself: "iPhone"
    std::string agent;   ///< its User-Agent
    std::string version; ///< of the protocol: "16.1"
    std::string info;    ///< model and system, as it reported them
    std::int64_t created_us = 0;
    std::int64_t seen_us = 0;
    std::string title; ///< the name that its person gave it
    std::string state; ///< "allowed", "paused", "wipe sent", ...
    std::string holds; ///< "mail 318, contacts 88"
};

/// What belongs to other rooms; an empty function means that the command is not offered.
struct Lent {
    office::Office* office = nullptr; ///< null: its commands (office_commands.hpp) are not offered
    std::function<Task<Result<std::vector<DeviceFacts>>>(model::AccountId)> devices;
    std::function<Task<Result<>>(model::AccountId, std::string device)> remove_device;
    std::function<Task<Result<Answer>>(bool recount, bool repair)> verify;
    std::function<Task<Result<std::uint64_t>>()> new_epoch; ///< answers the number of accounts
    std::function<Task<Result<Answer>>()> demo;
    std::function<Result<>(std::chrono::nanoseconds)> advance_clock;
    /// What the DNS has of a name and type, as text; with a running server only.
    std::function<Task<Result<std::vector<std::string>>>(std::string name, std::string type)>
        look_up;
};

class Commands {
public:
    /// Both must outlive the object.
    Commands(directory::Directory& directory, Lent lent)
        : directory_(directory), lent_(std::move(lent)) {}

    /// Does what the request says. Several may run at once.
    [[nodiscard]] Task<Result<Answer>> execute(Request request);

private:
    using Step = Task<Result<Answer>> (Commands::*)(const Request&);
    struct Entry {
        std::string_view words;
        Step step;
    };
    [[nodiscard]] static std::span<const Entry> table();

    Task<Result<Answer>> domain_add(const Request& request);
    Task<Result<Answer>> domain_list(const Request& request);
    Task<Result<Answer>> domain_remove(const Request& request);

    Task<Result<Answer>> domain_dkim_new(const Request& request);
    Task<Result<Answer>> domain_dkim_list(const Request& request);
    Task<Result<Answer>> domain_dkim_remove(const Request& request);
    Task<Result<Answer>> domain_dns(const Request& request);
    Task<Result<Answer>> domain_check(const Request& request);

    Task<Result<Answer>> account_add(const Request& request);
    Task<Result<Answer>> account_list(const Request& request);
    Task<Result<Answer>> account_remove(const Request& request);
    Task<Result<Answer>> account_password(const Request& request);
    Task<Result<Answer>> account_quota(const Request& request);
    Task<Result<Answer>> account_enable(const Request& request);
    Task<Result<Answer>> account_disable(const Request& request);
    Task<Result<Answer>> account_admin(const Request& request);
    Task<Result<Answer>> account_meetings(const Request& request);
    Task<Result<Answer>> alias_add(const Request& request);
    Task<Result<Answer>> alias_list(const Request& request);
    Task<Result<Answer>> alias_remove(const Request& request);
    Task<Result<Answer>> app_password_add(const Request& request);
    Task<Result<Answer>> app_password_list(const Request& request);
    Task<Result<Answer>> app_password_remove(const Request& request);

    Task<Result<Answer>> mail_gone(const Request& request);
    Task<Result<Answer>> mail_recover(const Request& request);
    Task<Result<Answer>> imap_delete(const Request& request);
    Task<Result<Answer>> search_rebuild(const Request& request);

    Task<Result<Answer>> group_add(const Request& request);
    Task<Result<Answer>> group_list(const Request& request);
    Task<Result<Answer>> group_remove(const Request& request);
    Task<Result<Answer>> member_add(const Request& request);
    Task<Result<Answer>> member_list(const Request& request);
    Task<Result<Answer>> member_remove(const Request& request);

    Task<Result<Answer>> device_list(const Request& request);
    Task<Result<Answer>> device_show(const Request& request);
    Task<Result<Answer>> device_remove(const Request& request);

    Task<Result<Answer>> group_posting(const Request& request);
    Task<Result<Answer>> queue_list(const Request& request);
    Task<Result<Answer>> queue_show(const Request& request);
    Task<Result<Answer>> queue_retry(const Request& request);
    Task<Result<Answer>> queue_hold(const Request& request);
    Task<Result<Answer>> queue_release(const Request& request);
    Task<Result<Answer>> queue_drop(const Request& request);
    Task<Result<Answer>> detained_mode(const Request& request);
    Task<Result<Answer>> detained_list(const Request& request);
    Task<Result<Answer>> detained_allow(const Request& request);
    Task<Result<Answer>> detained_block(const Request& request);
    Task<Result<Answer>> detained_delete(const Request& request);
    Task<Result<Answer>> release_mail(const Request& request, int release);
    Task<Result<Answer>> sender_list(const Request& request);
    Task<Result<Answer>> sender_add(const Request& request);
    Task<Result<Answer>> sender_remove(const Request& request);
    Task<Result<Answer>> sender_import(const Request& request);
    Task<Result<Answer>> sender_export(const Request& request);

    Task<Result<Answer>> verify(const Request& request);
    Task<Result<Answer>> restored(const Request& request);
    Task<Result<Answer>> demo(const Request& request);
    Task<Result<Answer>> clock_advance(const Request& request);

    /// The account of the argument `name`, which must be a group or must not be one.
    Task<Result<directory::Account>>
    account_of(const Request& request, std::string_view name, bool group);
    Task<Result<Answer>> switch_doors(const Request& request, bool on);

    directory::Directory& directory_;
    Lent lent_;
};

} // namespace lockstep::admin
