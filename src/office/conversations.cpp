// Keys and ids of conversations.
#include "office/conversations.hpp"

#include <algorithm>
#include <cstring>

#include "base/crypto.hpp"
#include "base/limits.hpp"
#include "codec/mime/casemap.hpp"
#include "codec/mime/classify.hpp"
#include "codec/mime/subject.hpp"

namespace lockstep::office {

std::vector<std::int64_t> conversation_keys(const mime::Digest& digest) {
    // Marks of other languages ("AW:", "SV:") go, too: RFC 5256 knows only English ones.
    const auto subject = mime::casemap(
        mime::base_subject(mime::topic_of(mime::base_subject(digest.subject).text)).text
    );
    std::vector<std::int64_t> keys;
    const auto add = [&](const std::string& id) {
        if (id.empty() || keys.size() == limits::kConversationKeys)
            return;
        const auto hash = blake2b256(id + "\n" + subject);
        std::int64_t key = 0;
        std::memcpy(&key, hash.raw().data(), sizeof key);
        if (std::ranges::find(keys, key) == keys.end())
            keys.push_back(key);
    };
    add(digest.message_id);
    for (const auto& id : digest.in_reply_to)
        add(id);
    if (!digest.references.empty())
        add(digest.references.front());
    for (auto id = digest.references.rbegin(); id != digest.references.rend(); ++id)
        add(*id);
    return keys;
}

std::string conversation_bytes(model::AccountId owner, ConversationId conversation) {
    const auto name =
        "conversation " + std::to_string(owner.value) + " " + std::to_string(conversation.value);
    return std::string(blake2b256(name).raw().substr(0, 16));
}

void catch_up_conversation(
    store::Txn& txn, model::AccountId owner, model::ItemId item, const mime::Digest& digest
) {
    if (!store::conversation_of(txn, owner, item))
        store::join_conversation(txn, owner, item, conversation_keys(digest));
}

} // namespace lockstep::office
