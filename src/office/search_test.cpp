#include "office/search.hpp"

#include <random>

#include "base/text.hpp"
#include "codec/mime/casemap.hpp"
#include "office/delivery.hpp"
#include "office/delivery_test_support.hpp"
#include "office/jobs.hpp"
#include "office/mail.hpp"
#include "office/objects.hpp"
#include "office/search_index.hpp"
#include "office/search_text.hpp"

namespace lockstep::office {
namespace {

using Kind = Condition::Kind;
using Words = std::vector<std::string>;

class Search : public testing::OfficeTest {
protected:
    Actor actor() const { return {anna, {}}; }
    void receive(const std::string& message) {
        house->clock->advance(std::chrono::seconds(1));
        Envelope envelope;
        envelope.recipients = {anna.id};
        ASSERT_TRUE(block_on(deliver(office(), envelope, message)));
    }
    void index() { ASSERT_TRUE(block_on(index_all(office()))); }
    SearchQuery query(Condition condition) {
        SearchQuery out;
        out.condition = std::move(condition);
        return out;
    }
    /// Subjects of the matches, in order.
    Words found(SearchQuery wanted) {
        const auto page = block_on(search(office(), actor(), std::move(wanted)));
        EXPECT_TRUE(page.has_value()) << page.error().text;
        if (!page)
            return {};
        EXPECT_LE(page->hits.size(), page->total);
        Words out;
        for (const auto& hit : page->hits)
            out.push_back(subject_of(hit));
        return out;
    }
    Words found(Condition condition) { return found(query(std::move(condition))); }
    std::string subject_of(const SearchHit& hit) {
        return look<std::string>([&](Snapshot& s) -> Result<std::string> {
            const auto digest = mime::decode(find_digest(s, hit.owner, hit.id));
            return digest ? digest->subject : std::string("object");
        });
    }
    template <class T> T look(std::function<Result<T>(Snapshot&)> work) {
        return *block_on(house->db->read<T>(anna.id, std::move(work)));
    }
    Folder inbox() {
        return look<Folder>([this](Snapshot& s) -> Result<Folder> {
            return Folder{
                *store::find_by_role(s, anna.id, model::Role::inbox), model::Right::own, true, 0, {}
            };
        });
    }
    void fill() {
        receive("From: Bob <bob@x.org>\r\nTo: anna@example.org\r\nSubject: Lunch\r\nX-Odd: Yes "
                "it is\r\nDate: Mon, 1 Jan 2024 23:30:00 -0800\r\n\r\nLet us eat spaghetti\r\n");
        receive("From: Carla <carla@x.org>\r\nCc: bob@x.org\r\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?="
                "\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>A <b>caf\xC3\xA9</b> in "
                "<i>T\xC5\x8Dky\xC5\x8D</i> \xE6\x9D\xB1\xE4\xBA\xAC\xE9\x83\xBD</p>\r\n");
        receive("From: Dan <dan@x.org>\r\nSubject: Report\r\nMIME-Version: 1.0\r\nContent-Type: "
                "multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n"
                "Content-Transfer-Encoding: base64\r\n\r\nTHVuY2ggbnVtYmVycw==\r\n--b\r\n"
                "Content-Type: application/pdf; name=\"figures 2024.pdf\"\r\n"
                "Content-Disposition: attachment\r\n\r\nxxxx\r\n--b--\r\n");
    }
};

void expect_all(const std::function<void()>& check, const std::function<void()>& index) {
    {
        SCOPED_TRACE("nothing indexed");
        check();
    }
    index();
    SCOPED_TRACE("indexed");
    check();
}

} // namespace

TEST_F(Search, FindsBeginningsOfWordsBeforeAndAfterIndexing) {
    fill();
    const auto words = [](const char* text, SearchField field = SearchField::any) {
        return Condition::words(field, text);
    };
    expect_all(
        [&] {
            EXPECT_EQ(found(words("spag")), Words{"Lunch"});
            EXPECT_EQ(found(words("lunch")), (Words{"Report", "Lunch"}));
            EXPECT_EQ(found(words("paghetti")), Words{});
            EXPECT_EQ(found(words("eat LET")), Words{"Lunch"});
            EXPECT_EQ(found(words("eat missing")), Words{});
            EXPECT_EQ(
                found(words("cafe")), Words{"Gr\xC3\xBC\xC3\x9F"
                                            "e"}
            );
            EXPECT_EQ(
                found(words("tokyo")), Words{"Gr\xC3\xBC\xC3\x9F"
                                             "e"}
            );
            EXPECT_EQ(
                found(words("\xE4\xBA\xAC")), Words{"Gr\xC3\xBC\xC3\x9F"
                                                    "e"}
            );
            EXPECT_EQ(found(words("bob", SearchField::from)), Words{"Lunch"});
            EXPECT_EQ(
                found(words("bob", SearchField::cc)), Words{"Gr\xC3\xBC\xC3\x9F"
                                                            "e"}
            );
            EXPECT_EQ(found(words("lunch", SearchField::subject)), Words{"Lunch"});
            EXPECT_EQ(found(words("figures", SearchField::attachment)), Words{"Report"});
            EXPECT_EQ(found(words("\"* AND ) NEAR(lunch")), Words{});
        },
        [this] { index(); }
    );
}

TEST_F(Search, FindsSubstringsExactly) {
    fill();
    const auto text = [](const char* needle, SearchField field = SearchField::any) {
        return Condition::substring(field, needle);
    };
    expect_all(
        [&] {
            EXPECT_EQ(found(text("AGHETT")), Words{"Lunch"});
            EXPECT_EQ(found(text("unch num")), Words{"Report"});
            EXPECT_EQ(found(text("gr\xC3\x9C", SearchField::subject)).size(), 1U);
            EXPECT_EQ(found(text("bob@x", SearchField::from)), Words{"Lunch"});
            EXPECT_EQ(found(text("bob@x", SearchField::body)), Words{});
            EXPECT_EQ(found(text("bob@x")).size(), 2U);
            EXPECT_EQ(found(text("z")), Words{});
            EXPECT_EQ(found(Condition::header("x-odd", "yes IT")), Words{"Lunch"});
            EXPECT_EQ(found(Condition::header("x-odd", "")), Words{"Lunch"});
            EXPECT_EQ(found(Condition::header("odd", "")), Words{});
        },
        [this] { index(); }
    );
}

TEST_F(Search, JudgesRowsAndDigests) {
    fill();
    index();
    const auto day = std::int64_t{19'723}; // 2024-01-01
    EXPECT_EQ(
        found(Condition::all_of(
            {Condition::of(Kind::sent_since, day), Condition::of(Kind::sent_before, day + 1)}
        )),
        Words{"Lunch"}
    );
    EXPECT_EQ(found(Condition::of(Kind::attachment)), Words{"Report"});
    EXPECT_EQ(found(Condition::of(Kind::flags, model::flag::seen)), Words{});
    EXPECT_EQ(found(Condition::none_of({Condition::of(Kind::attachment)})).size(), 2U);
    EXPECT_EQ(found(Condition::any_of({})), Words{});
    EXPECT_EQ(found(Condition::all_of({})).size(), 3U);
    EXPECT_EQ(found(Condition::in_folder(inbox().collection.id, false)).size(), 3U);
    EXPECT_EQ(found(Condition::of(Kind::item_class, 2)), Words{});
    auto ranges = Condition::of(Kind::uids);
    ranges.ranges = {{2, 2}};
    EXPECT_EQ(found(ranges).size(), 1U);
}

TEST_F(Search, GivesPagesInTheWantedOrder) {
    fill();
    auto wanted = query({});
    wanted.sort = {{.by = SortKey::By::from}};
    EXPECT_EQ(
        found(wanted), (Words{
                           "Lunch",
                           "Gr\xC3\xBC\xC3\x9F"
                           "e",
                           "Report"
                       })
    );
    wanted.sort.front().descending = true;
    wanted.limit = 1;
    EXPECT_EQ(found(wanted), Words{"Report"});
    wanted.position = -1;
    EXPECT_EQ(found(wanted), Words{"Lunch"});
    wanted.position = 99;
    EXPECT_EQ(found(wanted), Words{});
    wanted.anchor = model::ItemId{12'345};
    EXPECT_EQ(block_on(search(office(), actor(), wanted)).error().code, Code::not_found);
}

TEST_F(Search, FollowsChangesRemovalsAndRestarts) {
    fill();
    index();
    const auto item = look<model::Item>([&](Snapshot& s) -> Result<model::Item> {
        return *find_item(s, anna.id, inbox().collection.id, model::Uid{1});
    });
    const auto folder = inbox();
    std::function<Result<bool>(Txn&)> change = [&](Txn& txn) -> Result<bool> {
        CHECK_OK(replace_message(
            txn, office(), actor(), folder, item, "Subject: Lunch\r\n\r\nnoodles\r\n"
        ));
        return true;
    };
    ASSERT_TRUE(block_on(house->db->write<bool>(anna.id, std::move(change))));
    crash();
    expect_all(
        [&] {
            EXPECT_EQ(found(Condition::words(SearchField::any, "spaghetti")), Words{});
            EXPECT_EQ(found(Condition::words(SearchField::any, "noodles")), Words{"Lunch"});
            EXPECT_EQ(found(Condition::substring(SearchField::any, "aghetti")), Words{});
        },
        [this] { index(); }
    );
    std::function<Result<bool>(Txn&)> remove = [&](Txn& txn) -> Result<bool> {
        CHECK_OK(store::delete_item(txn, anna.id, item.collection, item.uid, {}));
        return true;
    };
    ASSERT_TRUE(block_on(house->db->write<bool>(anna.id, std::move(remove))));
    expect_all(
        [&] { EXPECT_EQ(found(Condition::words(SearchField::any, "noodles")), Words{}); },
        [this] { index(); }
    );
    static constexpr store::Sql kTexts{"SELECT count(*) FROM search_text"};
    static constexpr store::Sql kNoodles{
        "SELECT count(*) FROM search_words WHERE search_words MATCH 'noodles'"
    };
    EXPECT_EQ(house->rows(0, kTexts), 2);
    EXPECT_EQ(house->rows(0, kNoodles), 0);
    ASSERT_TRUE(block_on(reindex(office(), anna.id)));
    index();
    EXPECT_EQ(found(Condition::words(SearchField::any, "lunch")), Words{"Report"});
}

TEST_F(Search, ShowsNobodyWhatIsNotTheirs) {
    fill();
    auto wanted = query({});
    wanted.scopes = {{anna.id, {}, false}};
    const auto refused = block_on(search(office(), Actor{carl, {}}, wanted));
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, Code::not_found);
    wanted.scopes = {{anna.id, {model::CollectionId{999}}, false}};
    EXPECT_EQ(block_on(search(office(), actor(), wanted)).error().code, Code::not_found);
    const auto own = block_on(search(office(), Actor{carl, {}}, query({})));
    EXPECT_EQ(own->total, 0U);
}

TEST_F(Search, RefusesOverlongQueries) {
    auto deep = Condition::all_of({});
    for (int i = 0; i < 100; ++i)
        deep = Condition::none_of({deep});
    EXPECT_EQ(block_on(search(office(), actor(), query(deep))).error().code, Code::too_large);
    const auto wide = Condition::any_of(std::vector<Condition>(2'000));
    EXPECT_EQ(block_on(search(office(), actor(), query(wide))).error().code, Code::too_large);
}

TEST_F(Search, CollapsesConversations) {
    receive("Message-ID: <1@x>\r\nSubject: Lunch\r\n\r\n1\r\n");
    receive("Message-ID: <2@x>\r\nSubject: Other\r\n\r\n2\r\n");
    receive("Message-ID: <3@x>\r\nReferences: <1@x>\r\nSubject: Re: Lunch\r\n\r\n3\r\n");
    auto wanted = query({});
    wanted.collapse_conversations = true;
    EXPECT_EQ(found(wanted), (Words{"Re: Lunch", "Other"}));
}

TEST_F(Search, AgreesWithANaiveLookAtEveryText) {
    std::mt19937 random(7);
    const Words stock{
        "alpha",
        "beta",
        "alphabet",
        "gr\xC3\xBC\xC3\x9F"
        "e",
        "Omega",
        "x-ray",
        "42",
        "ALBERT"
    };
    const auto pick = [&] { return stock[random() % stock.size()]; };
    std::vector<store::SearchText> texts;
    for (int i = 0; i < 60; ++i) {
        const auto message = "From: " + pick() + "@x.org\r\nSubject: " + std::to_string(i) + " " +
                             pick() + "\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" +
                             pick() + " " + pick() + "." + pick() + "\r\n";
        receive(message);
        texts.push_back(search_text(model::ItemClass::mail, message));
        if (i == 40)
            index(); // the rest stays due
    }
    for (int round = 0; round < 100; ++round) {
        auto needle = pick().substr(0, 1 + random() % 4);
        if (!is_utf8(needle))
            continue;
        const auto part = Condition::substring(SearchField::body, needle);
        auto wanted = query(part);
        wanted.limit = 1'000;
        std::size_t expected = 0;
        for (const auto& text : texts)
            expected += text.body.contains(mime::casemap(needle)) ? 1 : 0;
        EXPECT_EQ(found(wanted).size(), expected) << needle;
    }
}

} // namespace lockstep::office
