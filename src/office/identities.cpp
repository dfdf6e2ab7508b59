// Identities as packed settings.
#include "office/identities.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/pack.hpp"
#include "base/text.hpp"
#include "store/settings.hpp"

namespace lockstep::office {
namespace {

constexpr const char* kIdentityScope = "identities";

void pack_addresses(Packer& out, const std::vector<mime::Address>& addresses) {
    out.number(addresses.size());
    for (const auto& each : addresses) {
        out.text(each.name);
        out.text(each.local);
        out.text(each.domain);
    }
}

std::vector<mime::Address> unpack_addresses(Unpacker& in) {
    std::vector<mime::Address> all;
    const auto count = in.count();
    for (std::size_t i = 0; i < count && in.ok(); ++i) {
        mime::Address address;
        address.name = in.text();
        address.local = in.text();
        address.domain = in.text();
        all.push_back(std::move(address));
    }
    return all;
}

std::string pack(const Identity& identity) {
    Packer out;
    out.number(1); // version
    out.text(identity.name);
    out.text(identity.email);
    pack_addresses(out, identity.reply_to);
    pack_addresses(out, identity.bcc);
    out.text(identity.text_signature);
    out.text(identity.html_signature);
    return base64(out.take());
}

std::optional<Identity> unpack_identity(const std::string& id, std::string_view text) {
    const auto bytes = unbase64(text);
    if (!bytes)
        return std::nullopt;
    Unpacker in(*bytes);
    if (in.number() != 1)
        return std::nullopt;
    Identity identity;
    identity.id = id;
    identity.name = in.text();
    identity.email = in.text();
    identity.reply_to = unpack_addresses(in);
    identity.bcc = unpack_addresses(in);
    identity.text_signature = in.text();
    identity.html_signature = in.text();
    identity.may_delete = !id.starts_with("own");
    return in.ok() ? std::optional(std::move(identity)) : std::nullopt;
}

/// The id of an address's own identity: the same for ever.
std::string own_id(std::string_view address) {
    return "own" + blake2b256(address).hex().substr(0, 16);
}

Task<Result<std::vector<Identity>>> stored(Office& office, const Actor& actor) {
    std::function<Result<std::vector<Identity>>(store::Snapshot&)> work =
        [account = actor.account.id](store::Snapshot& snapshot) -> Result<std::vector<Identity>> {
        std::vector<Identity> all;
        for (const auto& [id, text] : store::list_settings(snapshot, account, kIdentityScope))
            if (auto identity = unpack_identity(id, text))
                all.push_back(std::move(*identity));
        return all;
    };
    co_return co_await office.db.read<std::vector<Identity>>(actor.account.id, std::move(work));
}

} // namespace

Task<Result<std::vector<Identity>>> identities(Office& office, const Actor& actor) {
    CO_TRY(const auto addresses, co_await office.directory.addresses(actor.account.id));
    CO_TRY(const auto kept, co_await stored(office, actor));
    std::vector<Identity> all;
    for (const auto& address : addresses) {
        const auto own = std::ranges::find(kept, own_id(address), &Identity::id);
        Identity identity;
        if (own != kept.end())
            identity = *own;
        else
            identity.name = actor.account.name;
        identity.id = own_id(address);
        identity.email = address;
        all.push_back(std::move(identity));
    }
    for (const auto& each : kept)
        if (each.may_delete && std::ranges::find(addresses, lower(each.email)) != addresses.end())
            all.push_back(each);
    co_return all;
}

Task<Result<Identity>> put_identity(Office& office, const Actor& actor, Identity identity) {
    CO_TRY(const auto addresses, co_await office.directory.addresses(actor.account.id));
    CO_TRY(const auto present, co_await identities(office, actor));
    if (std::ranges::find(addresses, lower(identity.email)) == addresses.end())
        co_return fail(Code::forbidden, "the address is not one of the account");
    if (identity.id.empty()) {
        if (present.size() >= limits::kIdentities)
            co_return fail(Code::too_large, "the account has too many identities");
        identity.id = "id" + fmt::format("{:016x}", office.clock.now_us()) + hex(random_bytes(2));
        identity.may_delete = true;
    } else if (std::ranges::find(present, identity.id, &Identity::id) == present.end()) {
        co_return fail(Code::not_found, "no such identity");
    }
    if (identity.text_signature.size() + identity.html_signature.size() > limits::kSignature)
        co_return fail(Code::too_large, "the signature is too long");
    std::function<Result<bool>(store::Txn&)> work = [account = actor.account.id,
                                                     identity](store::Txn& txn) -> Result<bool> {
        store::put_setting(txn, account, kIdentityScope, identity.id, pack(identity));
        return true;
    };
    const auto done = co_await office.db.write<bool>(actor.account.id, std::move(work));
    if (!done)
        co_return std::unexpected(done.error());
    co_return identity;
}

Task<Result<>> drop_identity(Office& office, const Actor& actor, std::string id) {
    CO_TRY(const auto present, co_await identities(office, actor));
    const auto found = std::ranges::find(present, id, &Identity::id);
    if (found == present.end())
        co_return fail(Code::not_found, "no such identity");
    if (!found->may_delete)
        co_return fail(Code::forbidden, "every address keeps its own identity");
    std::function<Result<bool>(store::Txn&)> work = [account = actor.account.id,
                                                     id](store::Txn& txn) -> Result<bool> {
        store::drop_setting(txn, account, kIdentityScope, id);
        return true;
    };
    const auto done = co_await office.db.write<bool>(actor.account.id, std::move(work));
    if (!done)
        co_return std::unexpected(done.error());
    co_return Result<>();
}

} // namespace lockstep::office
