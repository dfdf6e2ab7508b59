// Batches of objects: each has its own result, a UID is there once, and rights are looked at.
#include "office/object_edit.hpp"

#include "office/delivery_test_support.hpp"
#include "office/object_read.hpp"
#include "office/rights.hpp"
#include "office/share_news.hpp"

namespace lockstep::office {
namespace {

using model::ItemClass;
using EditKind = ObjectEdit::Kind;

std::string card_of(const std::string& uid, const std::string& name) {
    return "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:" + uid + "\r\nFN:" + name + "\r\nEND:VCARD\r\n";
}

class ObjectEdits : public testing::OfficeTest {
protected:
    ObjectEdits() {
        zoe = house->add("zoe@example.org");
        for (const auto& each : *block_on(all_folders(office(), anna.id))) {
            if (each.role == model::Role::contacts)
                book = each.id;
            if (each.role == model::Role::calendar)
                calendar = each.id;
        }
    }
    Actor owner() const { return {anna, {}}; }
    Owner self() { return block_on(owners(office(), owner()))->front(); }
    static ObjectEdit
    edit(EditKind kind, model::ItemId id, model::CollectionId folder, std::string bytes) {
        ObjectEdit out{kind, id, folder, {}, {}, false};
        out.rewrite = [bytes](const model::Item&, std::string_view) -> Result<std::string> {
            return bytes;
        };
        return out;
    }
    std::vector<Result<model::Item>> run(std::vector<ObjectEdit> edits) {
        const auto me = self();
        return *block_on(edit_objects(office(), owner(), me, ItemClass::contact, std::move(edits)));
    }

    directory::Account zoe;
    model::CollectionId book, calendar;
};

TEST_F(ObjectEdits, EachOfABatchHasItsOwnResult) {
    const auto done = run(
        {edit(EditKind::create, {}, book, card_of("a", "A")),
         edit(EditKind::create, {}, book, card_of("a", "Again")),
         edit(EditKind::create, {}, calendar, card_of("b", "B")),
         edit(EditKind::create, {}, book, "no card"), edit(EditKind::update, {999}, {}, card_of("c", "C")),
         edit(EditKind::create, {}, book, card_of("d", "D"))}
    );
    ASSERT_TRUE(done[0] && done[5]);
    EXPECT_EQ(done[1].error().code, Code::exists);
    EXPECT_EQ(done[2].error().code, Code::bad_value);
    EXPECT_EQ(done[3].error().code, Code::bad_syntax);
    EXPECT_EQ(done[4].error().code, Code::not_found);
    const auto taken = run({edit(EditKind::update, done[5]->id, {}, card_of("a", "Taken"))});
    EXPECT_EQ(taken[0].error().code, Code::exists);
    const auto me = self();
    EXPECT_EQ(*block_on(find_object(office(), owner(), me, ItemClass::contact, "d")), done[5]->id);
    const auto gone = run({ObjectEdit{EditKind::remove, done[0]->id, {}, {}, {}, false}});
    EXPECT_TRUE(gone[0]);
    EXPECT_EQ(
        block_on(list_objects(office(), owner(), me, ItemClass::contact, {}, 10))->size(), 1U
    );
}

TEST_F(ObjectEdits, WhoOnlyReadsChangesNothing) {
    const auto made = run({edit(EditKind::create, {}, book, card_of("a", "A"))});
    ASSERT_TRUE(block_on(grant(office(), owner(), anna.id, book, zoe.id, model::Right::read)));
    const Actor guest{zoe, {}};
    const auto theirs = block_on(owners(office(), guest));
    ASSERT_EQ(theirs->size(), 2U);
    auto tried = block_on(edit_objects(
        office(), guest, theirs->at(1), ItemClass::contact,
        {edit(EditKind::update, made[0]->id, {}, card_of("a", "B")),
         edit(EditKind::create, {}, book, card_of("b", "B"))}
    ));
    ASSERT_TRUE(tried);
    EXPECT_EQ(tried->at(0).error().code, Code::forbidden);
    EXPECT_EQ(tried->at(1).error().code, Code::forbidden);
}

TEST_F(ObjectEdits, AShareIsNewsUntilItIsDismissed) {
    const Actor guest{zoe, {}};
    ASSERT_TRUE(block_on(grant(office(), owner(), anna.id, book, zoe.id, model::Right::read)));
    ASSERT_TRUE(block_on(grant(office(), owner(), anna.id, book, zoe.id, model::Right::read)));
    const auto news = block_on(share_news(office(), guest));
    ASSERT_EQ(news->all.size(), 1U) << "the same right again is no news";
    EXPECT_EQ(news->all[0].after, model::Right::read);
    EXPECT_EQ(news->all[0].item_class, ItemClass::contact);
    ASSERT_TRUE(block_on(dismiss_share_news(office(), guest, news->all[0].id)));
    EXPECT_EQ(
        block_on(dismiss_share_news(office(), guest, news->all[0].id)).error().code, Code::not_found
    );
    for (std::size_t i = 0; i < kShareNews + 5; ++i) {
        const auto right = i % 2 == 0 ? model::Right::edit : model::Right::read;
        ASSERT_TRUE(block_on(grant(office(), owner(), anna.id, book, zoe.id, right)));
    }
    const auto full = block_on(share_news(office(), guest));
    EXPECT_EQ(full->all.size(), kShareNews);
    EXPECT_EQ(full->state.dismissed, 6);
}

} // namespace
} // namespace lockstep::office
