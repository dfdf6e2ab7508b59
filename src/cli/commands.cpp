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
constexpr std::array kRecover = {
    Parameter{"address", "the account's address"},
    Parameter{"id", "one mail's id as `account gone` lists it; none: all", true}
};
constexpr std::array kAdmin = {
    Parameter{"address", "the account's address"},
    Parameter{"on-off", "on: it administrates the server from the web; off: no longer"}
};
constexpr std::array kImapDelete = {
    Parameter{"address", "the account's address"},
    Parameter{"meaning", "remove: gone at once; mark: kept until it is expunged"}
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
constexpr std::array kFolderAdd = {
    Parameter{"address", "address of the account or group"}, Parameter{"name", "the folder's name"}
};
constexpr std::array kFolderRemove = {
    Parameter{"address", "address of the account or group"},
    Parameter{"folder", "the folder's number or name"}
};
constexpr std::array kShareWith = {
    Parameter{"address", "address of the owner, an account or group"},
    Parameter{"with", "address of the person or group that gets the right"}
};
constexpr std::array kOwner = {Parameter{"address", "address of the account or group"}};
constexpr std::array kSyncSet = {
    Parameter{"address", "the account's address"},
    Parameter{"setting", "mail-days, before, after, mail, calendars, books, tasks or notes"},
    Parameter{"value", "a number of days or all; all, none, 12,5.3 or all but these: -12,-5.3"}
};
constexpr std::array kSyncUnset = {
    Parameter{"address", "the account's address"}, Parameter{"setting", "as sync set takes it"}
};
constexpr std::array kDeviceName = {
    Parameter{"address", "the account's address"},
    Parameter{"device", "the device's id, as listed"}, Parameter{"name", "the name to be shown"}
};
constexpr std::array kPolicyValue = {
    Parameter{"element", "such as DevicePasswordEnabled"},
    Parameter{"value", "its value; a list is separated by commas"}
};
constexpr std::array kPolicyElement = {Parameter{"element", "such as DevicePasswordEnabled"}};
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
constexpr std::array kFolderOptions = {
    Option{"kind", "KIND", "mail, calendar, contacts, tasks or notes (calendar)"}
};
constexpr std::array kShareOptions = {
    Option{"folder", "FOLDER", "number or name of the one folder (all folders)"},
    Option{"right", "RIGHT", "free-busy, read, add, edit, own or delegate (read)"}
};
constexpr std::array kRevokeOptions = {
    Option{"folder", "FOLDER", "number or name of the one folder (all folders)"}
};
constexpr std::array kDeviceOptions = {Option{"device", "DEVICE", "for this device alone"}};
constexpr std::array kWipeOptions = {
    Option{"everything", "", "reset the whole device; without it only this account is erased"},
    Option{"reason", "TEXT", "why, for the logs"}
};
constexpr std::array kPlaceOptions = {
    Option{"account", "ADDRESS", "for one account"}, Option{"group", "ADDRESS", "for a group"},
    Option{"domain", "NAME", "for a domain (the whole server)"}
};
constexpr std::array kDeviceRuleOptions = {
    Option{"new-devices", "WORD", "what becomes of new devices: allow, quarantine or block"},
    Option{"limit", "NUMBER", "how many devices an account may have"},
    Option{"account", "ADDRESS", "for one account"}, Option{"group", "ADDRESS", "for a group"},
    Option{"domain", "NAME", "for a domain (the whole server)"}
};
constexpr std::array kTermOptions = {
    Option{"on", "", "devices synchronise"},
    Option{"off", "", "devices keep what they have and get nothing more"},
    Option{"trial", "SPAN", "on for so long, such as 30d, then off"}
};
constexpr std::array kVerifyOptions = {
    Option{"recount", "", "write counters anew from the items, and say which were wrong"},
    Option{"repair", "", "mend what can be mended, and say what was changed"}
};

constexpr std::array kForwardOptions = {
    Option{"to", "ADDRESSES", "to these, with commas"},
    Option{"only", "", "no copy stays in the Inbox"}, Option{"off", "", "forward no longer"}
};
constexpr std::array kCatchAll = {
    Parameter{"name", "the domain, such as example.org"},
    Parameter{"address", "an account's address, or off; none: show it", true}
};
constexpr std::array kSieve = {
    Parameter{"address", "the account's address"}, Parameter{"script", "its name"}
};
constexpr std::array kSieveMaybe = {
    Parameter{"address", "the account's address"}, Parameter{"script", "its name", true}
};
constexpr std::array kSievePut = {
    Parameter{"address", "the account's address"}, Parameter{"script", "its name"},
    Parameter{"text", "the script itself"}
};
constexpr std::array kDkimKey = {
    Parameter{"name", "the domain, such as example.org"},
    Parameter{"selector", "the key, as listed"}
};
constexpr std::array kPosting = {
    Parameter{"group", "the group's address"},
    Parameter{"who", "anyone, members, or office (everybody with an account here)"}
};
constexpr std::array kQueued = {Parameter{"message", "the message, as listed"}};
constexpr std::array kQueueDropOptions = {Option{"silent", "", "do not tell the sender"}};
constexpr std::array kDetain = {
    Parameter{"address", "the account's address"},
    Parameter{
        "mode", "off, spam, or strangers (mail of unknown senders waits); none: show it", true
    }
};
constexpr std::array kDetainOptions = {
    Option{"days", "DAYS", "after so many days what waits is deleted (10)"},
    Option{"challenge", "WORD", "on: a proven sender is told, once, that the mail waits; off"}
};
constexpr std::array kDetained = {
    Parameter{"address", "the account's address"}, Parameter{"mail", "the mail, as listed"}
};
constexpr std::array kAllowOptions = {Option{"domain", "", "everybody of the sender's domain"}};
constexpr std::array kSender = {
    Parameter{"address", "the account's address"}, Parameter{"sender", "an address, or @domain"}
};
constexpr std::array kSenderOptions = {Option{"block", "", "keep the sender out"}};
constexpr std::array kSenders = {
    Parameter{"address", "the account's address"},
    Parameter{"entries", "senders, with commas or on lines of their own, as exported"}
};

// clang-format off
constexpr std::array kCommands = {
    Command{"serve", "Run the server in the foreground.", Runs::here, {}, {}, false, true},
    Command{"demo", "Fill an empty data directory with a sample office.", Runs::office, {}, {}, false, true},
    Command{"domain add", "Add a domain whose mail is received here.", Runs::office, kName, {}, false, true},
    Command{"domain list", "List the domains."},
    Command{"domain remove", "Remove a domain that has no accounts.", Runs::office, kName},
    Command{"domain catch-all", "Show or say who gets mail for addresses that nobody has.", Runs::office, kCatchAll},
    Command{"domain dkim new", "Make keys that sign a domain's mail;.", Runs::office, kName},
    Command{"domain dkim list", "List the keys that sign a domain's mail.", Runs::office, kName},
    Command{"domain dkim remove", "Take a key away; its record may go a week later.", Runs::office, kDkimKey},
    Command{"domain dns", "Print the records to publish for a domain.", Runs::office, kName},
    Command{"domain check", "Compare them with what is published.", Runs::office, kName},
    Command{"account add", "Add an account: a person's, or a room's.", Runs::office, kAddress, kAccountOptions, true},
    Command{"account list", "List the accounts."},
    Command{"account remove", "Remove an account with everything in it.", Runs::office, kAddress},
    Command{"account password", "Give an account a new password.", Runs::office, kAddress, {}, true},
    Command{"account quota", "Limit how much an account may hold.", Runs::office, kQuota},
    Command{"account enable", "Let an account use a protocol.", Runs::office, kProtocol},
    Command{"account disable", "Keep an account from using a protocol.", Runs::office, kProtocol},
    Command{"account admin", "Let an account administrate the server from the web.", Runs::office, kAdmin},
    Command{"account meetings", "Show or set what meetings do by themselves.", Runs::office, kAddress, kMeetingOptions},
    Command{"account forward", "Show or set where an account's mail is forwarded.", Runs::office, kAddress, kForwardOptions},
    Command{"account sieve list", "List an account's Sieve scripts.", Runs::office, kAddress},
    Command{"account sieve show", "Print a script.", Runs::office, kSieve},
    Command{"account sieve put", "Store a script, after it was checked.", Runs::office, kSievePut},
    Command{"account sieve activate", "Make a script the one that is followed; without a name, none.", Runs::office, kSieveMaybe},
    Command{"account sieve remove", "Remove a script that is not active.", Runs::office, kSieve},
    Command{"account gone", "List the mail that was removed in the last two weeks.", Runs::office, kAddress},
    Command{"account recover", "Bring removed mail back, all of it or one.", Runs::office, kRecover},
    Command{"account imap-delete", "Say what deleting in the Inbox by IMAP means.", Runs::office, kImapDelete},
    Command{"search rebuild", "Read an account's mail and everything else anew for searching.", Runs::office, kAddress},
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
    Command{"group posting", "Say who may write to a group's address.", Runs::office, kPosting},
    Command{"queue list", "List the mail that waits for other servers."},
    Command{"queue show", "Show a waiting message and what its servers said.", Runs::office, kQueued},
    Command{"queue retry", "Try a waiting message again now.", Runs::office, kQueued},
    Command{"queue hold", "Keep a message back.", Runs::office, kQueued},
    Command{"queue release", "Let a message go on that was held.", Runs::office, kQueued},
    Command{"queue drop", "Give a message up.", Runs::office, kQueued, kQueueDropOptions},
    Command{"detained mode", "Say which mail waits in [Detained].", Runs::office, kDetain, kDetainOptions},
    Command{"detained list", "List the mail that waits in [Detained].", Runs::office, kAddress},
    Command{"detained allow", "Let a mail into the Inbox, and its sender from now on.", Runs::office, kDetained, kAllowOptions},
    Command{"detained block", "Delete a mail and keep its sender out.", Runs::office, kDetained},
    Command{"detained delete", "Delete a mail that waits.", Runs::office, kDetained},
    Command{"sender list", "List the senders whom an account knows.", Runs::office, kAddress},
    Command{"sender add", "Let a sender in, or keep one out.", Runs::office, kSender, kSenderOptions},
    Command{"sender remove", "Take a sender off the list.", Runs::office, kSender},
    Command{"sender import", "Put many senders on the list.", Runs::office, kSenders},
    Command{"sender export", "Print the list as it is imported.", Runs::office, kAddress},
    Command{"device list", "List the devices that synchronise.", Runs::office, kMaybeAddress},
    Command{"device show", "Show what is known of a device.", Runs::office, kDevice},
    Command{"device remove", "Forget a device; it must set itself up anew.", Runs::office, kDevice},
    Command{"device log", "Show what happened with a device, in words.", Runs::office, kDevice},
    Command{"device pause", "Give a device nothing new; what it sends is taken.", Runs::office, kDevice},
    Command{"device resume", "Let a paused device go on.", Runs::office, kDevice},
    Command{"device restart", "Make a device load everything anew.", Runs::office, kDevice},
    Command{"device allow", "Let a device synchronise that is blocked, waits or was wiped.", Runs::office, kDevice},
    Command{"device block", "Keep a device from synchronising; it keeps what it has.", Runs::office, kDevice},
    Command{"device rename", "Give a device a name.", Runs::office, kDeviceName},
    Command{"device wipe", "Make a device erase this account, or everything.", Runs::office, kDevice, kWipeOptions},
    Command{"device unwipe", "Call a wipe back that the device has not answered.", Runs::office, kDevice},
    Command{"device rule", "Say what becomes of new devices, and how many there may be.", Runs::office, {}, kDeviceRuleOptions},
    Command{"policy show", "Show the policy that devices must take.", Runs::office, {}, kPlaceOptions},
    Command{"policy set", "Set an element of the policy.", Runs::office, kPolicyValue, kPlaceOptions},
    Command{"policy unset", "Take an element of the policy back.", Runs::office, kPolicyElement, kPlaceOptions},
    Command{"sync show", "Show what an account's devices get.", Runs::office, kAddress, kDeviceOptions},
    Command{"sync set", "Change what an account's devices get.", Runs::office, kSyncSet, kDeviceOptions},
    Command{"sync unset", "Take such a change back.", Runs::office, kSyncUnset, kDeviceOptions},
    Command{"sync preview", "Count what devices get of each folder, and of how much.", Runs::office, kAddress, kDeviceOptions},
    Command{"account sync", "Switch device sync on, off or on trial; IMAP and web go on.", Runs::office, kAddress, kTermOptions},
    Command{"domain sync", "The same for every account of a domain.", Runs::office, kName, kTermOptions},
    Command{"folder list", "List the folders of an account or group.", Runs::office, kOwner},
    Command{"folder add", "Add a folder to an account or group.", Runs::office, kFolderAdd, kFolderOptions},
    Command{"folder remove", "Remove a folder with everything in it.", Runs::office, kFolderRemove},
    Command{"share list", "List who may use an account's or group's folders.", Runs::office, kOwner},
    Command{"share grant", "Let a person or a group use folders.", Runs::office, kShareWith, kShareOptions},
    Command{"share revoke", "Take such a right away.", Runs::office, kShareWith, kRevokeOptions},
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
