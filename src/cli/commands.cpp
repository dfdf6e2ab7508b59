// The table of commands.
#include "cli/commands.hpp"

#include <array>

namespace lockstep::cli {

namespace {

constexpr std::array kName = {Parameter{"name", "domain name, such as example.org"}};
constexpr std::array kAddress = {
    Parameter{"address", "the account's address, such as anna@example.org"}
};
constexpr std::array kGroup = {Parameter{"group", "the group's address"}};
constexpr std::array kGroupMember = {
    Parameter{"group", "the group's address"}, Parameter{"member", "address of an account"}
};
constexpr std::array kQuota = {
    Parameter{"address", "the account's address"},
    Parameter{"size", "bytes, such as 5G; 0 is no limit"}
};
constexpr std::array kProtocol = {
    Parameter{"address", "the account's address"},
    Parameter{
        "protocol",
        "activesync, imap, web, dav or smtp, or several with commas; none: the whole account", true
    }
};
constexpr std::array kAlias = {
    Parameter{"address", "the account's address"}, Parameter{"alias", "the other address"}
};
constexpr std::array kAppPassword = {
    Parameter{"address", "the account's address"}, Parameter{"name", "the app password's name"}
};
constexpr std::array kMaybeAddress = {Parameter{"address", "only this account's", true}};
constexpr std::array kDevice = {
    Parameter{"address", "the account's address"}, Parameter{"device", "the device's id, as listed"}
};
constexpr std::array kDuration = {Parameter{"duration", "such as 90s, 59m or 2h"}};

constexpr std::array kAccountOptions = {
    Option{"name", "NAME", "the person's name as others see it"},
    Option{"language", "LANGUAGE", "language of folder names, such as en or de"},
    Option{"zone", "ZONE", "time zone, such as Europe/Berlin"},
    Option{"kind", "KIND", "person, or resource: a room that answers invitations by itself"}
};
constexpr std::array kMeetingOptions = {
    Option{"invitations", "WHOSE", "that come into the calendar: nobody, known or everybody"},
    Option{"free-busy", "WHO", "may see when it is busy: nobody or domain"}
};
constexpr std::array kScopeOptions = {
    Option{"scope", "PROTOCOLS", "what it is good for, such as activesync,imap (everything)"}
};
constexpr std::array kGroupOptions = {Option{"name", "NAME", "the group's name as others see it"}};
constexpr std::array kRightOptions = {
    Option{"right", "RIGHT", "free-busy, read, add, edit, own or delegate (edit)"}
};
constexpr std::array kVerifyOptions = {
    Option{"recount", "", "write counters anew from the items, and say which were wrong"},
    Option{"repair", "", "mend what can be mended, and say what was changed"}
};

// clang-format off
constexpr std::array kCommands = {
    Command{"serve", "Run the server in the foreground.", Runs::here, {}, {}, false, true},
    Command{"demo", "Fill an empty data directory with a sample office.", Runs::office, {}, {}, false, true},
    Command{"domain add", "Add a domain whose mail is received here.", Runs::office, kName, {}, false, true},
    Command{"domain list", "List the domains."},
    Command{"domain remove", "Remove a domain that has no accounts.", Runs::office, kName},
    Command{"account add", "Add an account: a person's, or a room's.", Runs::office, kAddress, kAccountOptions, true},
    Command{"account list", "List the accounts."},
    Command{"account remove", "Remove an account with everything in it.", Runs::office, kAddress},
    Command{"account password", "Give an account a new password.", Runs::office, kAddress, {}, true},
    Command{"account quota", "Limit how much an account may hold.", Runs::office, kQuota},
    Command{"account enable", "Let an account use a protocol.", Runs::office, kProtocol},
    Command{"account disable", "Keep an account from using a protocol.", Runs::office, kProtocol},
    Command{"account meetings", "Show or set what meetings do by themselves.", Runs::office, kAddress, kMeetingOptions},
    Command{"account alias add", "Let an account receive mail for another address too.", Runs::office, kAlias},
    Command{"account alias list", "List an account's addresses.", Runs::office, kAddress},
    Command{"account alias remove", "Take an address away from an account.", Runs::office, kAlias},
    Command{"account app-password add", "Make a password for one app or device; it is shown once.", Runs::office, kAppPassword, kScopeOptions},
    Command{"account app-password list", "List an account's app passwords.", Runs::office, kAddress},
    Command{"account app-password remove", "Take an app password away.", Runs::office, kAppPassword},
    Command{"group add", "Add a group with its own calendar.", Runs::office, kGroup, kGroupOptions},
    Command{"group list", "List the groups."},
    Command{"group remove", "Remove a group with everything in it.", Runs::office, kGroup},
    Command{"group member add", "Add an account to a group.", Runs::office, kGroupMember, kRightOptions},
    Command{"group member list", "List a group's members.", Runs::office, kGroup},
    Command{"group member remove", "Take an account out of a group.", Runs::office, kGroupMember},
    Command{"device list", "List the devices that synchronise.", Runs::office, kMaybeAddress},
    Command{"device show", "Show what is known of a device.", Runs::office, kDevice},
    Command{"device remove", "Forget a device; it must set itself up anew.", Runs::office, kDevice},
    Command{"config show", "Print every configuration key with its value.", Runs::here},
    Command{"config check", "Check the configuration and say what is wrong with it.", Runs::here},
    Command{"config doc", "Print docs/config.md.", Runs::here, {}, {}, false, false, true},
    Command{"verify", "Check every row, counter, blob and cursor of the store.", Runs::office, {}, kVerifyOptions},
    Command{"restored", "After an older copy was put back: make every client start afresh.", Runs::office},
    Command{"version", "Print the version.", Runs::here},
    Command{"clock advance", "Move the time of a server that runs with clock.manual.", Runs::office, kDuration, {}, false, false, true},
};
// clang-format on

constexpr std::array kGlobal = {
    Option{"data", "DIR", "the data directory (/var/lib/lockstep)"},
    Option{
        "config", "FILE",
        "the configuration file (lockstep.toml in the data directory, if there is one)"
    },
    Option{"set", "KEY=VALUE", "set one configuration key; may be repeated"},
    Option{"json", "", "print JSON"},
    Option{"help", "", "print this help"},
};

} // namespace

std::span<const Command> commands() { return kCommands; }
std::span<const Option> global_options() { return kGlobal; }

} // namespace lockstep::cli
