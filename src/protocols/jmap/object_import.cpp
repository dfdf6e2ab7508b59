// ContactCard/import, CalendarEvent/import and Task/import: whole files of cards, events and
// to-dos, kept as they came; ContactCard/parse. Spec: docs/jmap-extensions.md. Invariants: what
// JSON has no word for is kept, unlike with parse and set; an object with a UID that is there
// already is left alone or replaced, never doubled.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/ical/component.hpp"
#include "codec/jscalendar/jscalendar.hpp"
#include "codec/jscontact/jscontact.hpp"
#include "codec/vcard/card.hpp"
#include "codec/vcard/convert.hpp"
#include "protocols/jmap/blob_parse.hpp"
#include "protocols/jmap/blobs.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/methods_groupware.hpp"
#include "protocols/jmap/object_kind.hpp"

namespace lockstep::jmap {
namespace {

constexpr std::size_t kImported = 10'000;    ///< objects of one file
constexpr std::size_t kImportedAtOnce = 100; ///< in one store job

struct Imported {
    std::string uid;
    std::string bytes;
    std::string wrong; ///< why it cannot be imported; empty: it can
};

Imported import_card(std::string_view text) {
    auto card = vcard::parse(text);
    if (!card)
        return {{}, {}, card.error().text};
    Imported out;
    if (card->version == vcard::Version::v2_1)
        vcard::convert(*card, vcard::Version::v4_0);
    out.uid = card->text_of("UID");
    if (out.uid.empty()) {
        out.uid = "urn:uuid:" + make_uuid();
        card->properties.emplace_back("UID", out.uid);
    }
    out.bytes = vcard::serialize(*card);
    return out;
}

std::vector<Imported> import_cards(std::string_view file) {
    std::vector<Imported> out;
    for (const auto text : vcard::split_cards(file))
        if (out.size() < kImported)
            out.push_back(import_card(text));
    return out;
}

template <jscalendar::Kind kind> std::vector<Imported> import_calendar(std::string_view file) {
    std::vector<Imported> out;
    auto objects = jscalendar::split_objects(file, kind);
    if (!objects)
        return out;
    for (auto& text : *objects) {
        if (out.size() >= kImported)
            break;
        auto parsed = ical::parse(text);
        Imported one{{}, std::move(text), {}};
        if (!parsed) {
            one.wrong = parsed.error().text;
        } else {
            for (auto& child : parsed->children)
                if (child.name != "VTIMEZONE" && one.uid.empty())
                    one.uid = child.value_of("UID");
            if (one.uid.empty()) {
                one.uid = make_uuid();
                for (auto& child : parsed->children)
                    if (child.name != "VTIMEZONE")
                        child.set_value("UID", one.uid);
                one.bytes = ical::serialize(*parsed);
            }
        }
        out.push_back(std::move(one));
    }
    return out;
}

struct ImportKind {
    std::string_view method;
    model::ItemClass item_class;
    std::string_view folder; ///< argument
    std::vector<Imported> (*split)(std::string_view file);
};
constexpr std::array<ImportKind, 3> kImports{
    {{"ContactCard/import", model::ItemClass::contact, "addressBookId", import_cards},
     {"CalendarEvent/import", model::ItemClass::event, "calendarId",
      import_calendar<jscalendar::Kind::event>},
     {"Task/import", model::ItemClass::todo, "taskListId", import_calendar<jscalendar::Kind::task>}}
};

struct ImportRequest {
    std::string file;
    model::CollectionId folder;
    bool replace = false;
};

Task<std::expected<ImportRequest, MethodError>> read_import(
    Call& call, const office::Owner& owner, const ImportKind& kind, const json::Object& object
) {
    Arguments arguments(object);
    ImportRequest request;
    const auto blob = arguments.text("blobId");
    const auto folder = arguments.text(kind.folder);
    const auto existing = arguments.text("onExisting").value_or("skip");
    if (!blob || !folder)
        arguments.wrong(blob ? kind.folder : "blobId", "is missing");
    if (existing != "skip" && existing != "replace")
        arguments.wrong("onExisting", "is neither skip nor replace");
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    request.replace = existing == "replace";
    const auto id = parse_collection_id(call.resolve(*folder));
    if (!id || !owner.sees(*id))
        co_return refuse("invalidArguments", std::string(kind.folder) + " names no folder");
    request.folder = *id;
    const auto ref = parse_blob_id(call.resolve(*blob));
    if (!ref)
        co_return refuse("blobNotFound");
    auto bytes = co_await read_blob(call.office(), call.actor(), owner, *ref);
    if (!bytes && bytes.error().code == Code::not_found)
        co_return refuse("blobNotFound");
    CO_GET(request.file, std::move(bytes));
    co_return request;
}

struct ImportOutcome {
    json::Array created, updated, skipped, failed;
};

/// Imports some objects in one job.
Task<std::optional<MethodError>> import_some(
    Call& call, const office::Owner& owner, const ImportKind& kind, const ImportRequest& request,
    std::span<const Imported> some, std::size_t first, ImportOutcome& outcome
) {
    using Kind = office::ObjectEdit::Kind;
    std::vector<office::ObjectEdit> edits;
    std::vector<std::size_t> indexes;
    for (std::size_t i = 0; i < some.size(); ++i) {
        const auto& one = some[i];
        const auto fail_with = [&](std::string_view type, std::string_view why) {
            outcome.failed.push_back(
                json::Object{{"index", first + i}, {"type", type}, {"description", why}}
            );
        };
        if (!one.wrong.empty()) {
            fail_with("invalidProperties", one.wrong);
            continue;
        }
        const auto known = co_await office::find_object(
            call.office(), call.actor(), owner, kind.item_class, one.uid
        );
        if (!known)
            co_return method_error(known.error());
        if (*known && !request.replace) {
            outcome.skipped.emplace_back(item_id(*known));
            continue;
        }
        office::ObjectEdit edit{
            *known ? Kind::update : Kind::create, *known, request.folder, {}, {}, false
        };
        edit.rewrite = [&one](const model::Item&, std::string_view) -> Result<std::string> {
            return one.bytes;
        };
        edits.push_back(std::move(edit));
        indexes.push_back(first + i);
    }
    const auto kinds = [&edits] {
        std::vector<Kind> all;
        for (const auto& edit : edits)
            all.push_back(edit.kind);
        return all;
    }();
    const auto done = co_await office::edit_objects(
        call.office(), call.actor(), owner, kind.item_class, std::move(edits)
    );
    if (!done)
        co_return method_error(done.error());
    for (std::size_t i = 0; i < done->size(); ++i) {
        if ((*done)[i]) {
            (kinds[i] == Kind::create ? outcome.created : outcome.updated)
                .emplace_back(item_id((*done)[i]->id));
            continue;
        }
        auto error = to_json(set_error((*done)[i].error()));
        error["index"] = indexes[i];
        outcome.failed.push_back(std::move(error));
    }
    co_return std::nullopt;
}

} // namespace

Task<Outcome> object_import(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    const auto& kind = *std::ranges::find(kImports, call.name, &ImportKind::method);
    const auto request = co_await read_import(call, *owner, kind, object);
    if (!request)
        co_return std::unexpected(request.error());
    if (owner->best_right() < model::Right::add)
        co_return refuse("accountReadOnly");
    auto begun = co_await office::shelf(call.office(), call.actor(), *owner, kind.item_class);
    CO_GET(const auto before, std::move(begun));
    const auto all = kind.split(request->file);
    if (all.empty())
        co_return refuse("invalidArguments", "nothing in the file can be imported");
    ImportOutcome outcome;
    for (std::size_t at = 0; at < all.size(); at += kImportedAtOnce) {
        const auto some = std::span(all).subspan(at, std::min(kImportedAtOnce, all.size() - at));
        auto failed = co_await import_some(call, *owner, kind, *request, some, at, outcome);
        if (failed)
            co_return std::unexpected(std::move(*failed));
    }
    auto ended = co_await office::shelf(call.office(), call.actor(), *owner, kind.item_class);
    CO_GET(const auto after, std::move(ended));
    co_return json::Object{
        {"accountId", account_id(owner->id)},       {"oldState", office::text_of(before.items)},
        {"newState", office::text_of(after.items)}, {"total", all.size()},
        {"created", std::move(outcome.created)},    {"updated", std::move(outcome.updated)},
        {"skipped", std::move(outcome.skipped)},    {"notImported", std::move(outcome.failed)},
    };
}

namespace {

std::vector<json::Object> cards_of_file(const std::string& bytes) {
    std::vector<json::Object> cards;
    for (const auto text : vcard::split_cards(bytes)) {
        if (cards.size() >= limits::kJmapGet)
            break;
        if (auto card = jscontact::read_card(text))
            cards.push_back(std::move(*card));
    }
    return cards;
}

} // namespace

Task<Outcome> contact_parse(Call& call, const json::Object& object) {
    co_return co_await parse_blobs(call, object, cards_of_file);
}

} // namespace lockstep::jmap
