// GetHierarchy: the mail folders, for clients up to 12.1.
// Spec: MS-ASCMD 2.2.1.7, 2.2.3.75.1 Folders, 2.2.3.129.4 ParentId. Errors: unsupported from 14.0
// on.
#include "office/folders.hpp"
#include "protocols/activesync/ids.hpp"
#include "protocols/activesync/search_commands.hpp"

namespace lockstep::activesync {

Task<Result<Reply>> get_hierarchy(Exchange& exchange) {
    namespace fh = wbxml::folder_hierarchy;
    if (exchange.at_least(wbxml::Version::v14_0))
        co_return fail(Code::unsupported, "GetHierarchy ended with 12.1");
    const auto self = exchange.actor.account.id;
    CO_TRY(const auto folders, co_await office::all_folders(exchange.office(), self));
    wbxml::Writer out(exchange.version);
    out.open(fh::Folders);
    for (const auto& folder : folders) {
        if (folder.item_class != model::ItemClass::mail || folder_type(folder, true) == 0)
            continue;
        out.open(fh::Folder);
        out.element(fh::DisplayName, office::shown_name(folder, exchange.actor.account.language));
        out.element(fh::ServerId, folder_id({self, folder.id}, self));
        out.element(fh::Type, folder_type(folder, true));
        out.element(fh::ParentId, folder.parent ? folder_id({self, folder.parent}, self) : "0");
        out.close();
    }
    out.close();
    co_return reply_of(out);
}

} // namespace lockstep::activesync
