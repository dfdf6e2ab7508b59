// A small store with one of each thing, for the tests of verify, maintenance and migrations.
#pragma once
#include <deque>
#include <filesystem>

#include <gtest/gtest.h>

#include "base/file_system.hpp"
#include "base/text.hpp"
#include "store/collections.hpp"
#include "store/devices.hpp"
#include "store/items.hpp"
#include "store/maintenance.hpp"
#include "store/verify.hpp"

namespace lockstep::store {

/// The findings of a report as text, "" when there is none.
inline std::string lines_of(const VerifyReport& report) {
    std::string text;
    for (const auto& each : report.findings)
        text += each.word + " | " + each.where + " | " + each.text +
                (each.mended ? " | mended\n" : "\n");
    return text;
}

/// Whether a report has a finding of this word, mended or not.
inline bool has(const VerifyReport& report, std::string_view word, bool mended = false) {
    return std::ranges::any_of(report.findings, [&](const Finding& each) {
        return each.word == word && each.mended == mended;
    });
}

class SampleStore {
public:
    struct Options {
        int shards = 1;
        bool on_disk = false; ///< else only the blob files are
    };
    static constexpr model::AccountId kAnna{1};
    static constexpr model::AccountId kBen{2};
    static constexpr std::int64_t kEpoch = 1234;

    SampleStore() : SampleStore(Options{}) {}
    explicit SampleStore(const Options& options) : options_(options) {
        std::string name = ::testing::TempDir() + "sample_XXXXXX";
        directory_ = ::mkdtemp(name.data());
        open();
    }
    ~SampleStore() {
        close();
        std::filesystem::remove_all(directory_);
    }
    SampleStore(const SampleStore&) = delete;
    SampleStore& operator=(const SampleStore&) = delete;

    void open() {
        SqliteOptions options;
        options.shards = options_.shards;
        if (options_.on_disk)
            options.directory = directory_.string();
        auto engine = open_sqlite(options);
        ASSERT_TRUE(engine.has_value()) << engine.error().text;
        db_ = std::make_unique<Database>(std::move(*engine));
        auto files = BlobFiles::open(posix_file_system(), (directory_ / "blobs").string());
        ASSERT_TRUE(files.has_value()) << files.error().text;
        files_ = std::move(*files);
    }
    void close() {
        db_.reset();
        files_.reset();
    }

    Database& db() { return *db_; }
    BlobFiles& files() { return *files_; }
    Workers& workers() { return workers_; }
    [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }

    template <class T>
    Result<T> write(std::function<Result<T>(Txn&)> work, model::AccountId account = kAnna) {
        return block_on(db_->write<T>(account, std::move(work)));
    }
    template <class T> T read(std::function<T(Snapshot&)> work, model::AccountId account = kAnna) {
        auto result =
            block_on(db_->read<T>(account, [&](Snapshot& s) -> Result<T> { return work(s); }));
        EXPECT_TRUE(result.has_value());
        return std::move(*result);
    }

    /// Runs one statement and returns how many rows it changed.
    std::int64_t run_sql(Plane plane, const char* text) {
        // A statement is known by its address.
        const auto& sql = statements_.emplace_back(Sql{text});
        auto changed =
            block_on(db_->write<std::int64_t>(plane, [&](Txn& txn) -> Result<std::int64_t> {
                return txn.exec(sql);
            }));
        EXPECT_TRUE(changed.has_value()) << changed.error().text;
        return changed.value_or(0);
    }
    std::int64_t run_sql(bool control, const char* text) {
        return run_sql(control ? Plane{} : Plane{0}, text);
    }

    Result<VerifyReport> try_verify(VerifyOptions options) {
        if (!options.read_sync_state)
            options.read_sync_state = read_place;
        return block_on(store::verify(*db_, *files_, workers_, std::move(options)));
    }
    VerifyReport verify(VerifyOptions options = {}) {
        auto report = try_verify(std::move(options));
        EXPECT_TRUE(report.has_value()) << report.error().text;
        return report.value_or(VerifyReport{});
    }

    /// Two people. Anna has one of each thing that a shard file knows.
    void fill() {
        for (const char* sql :
             {"INSERT INTO domain VALUES (1, 'example.org', 0)",
              "INSERT INTO account VALUES (1, 1, 1, 'anna', 'Anna', '', '', '', 1, 0, 0, 1, 0, 0)",
              "INSERT INTO account VALUES (2, 1, 1, 'ben', 'Ben', '', '', '', 1, 0, 0, 1, 0, 0)",
              "INSERT INTO address VALUES ('anna@example.org', 1), ('ben@example.org', 2)",
              "INSERT INTO counter VALUES ('domain', 1), ('account', 2)"})
            run_sql(true, sql);
        for (const auto account : {kAnna, kBen})
            must<bool>(
                [account](Txn& txn) -> Result<bool> {
                    create_account_state(txn, account, kEpoch);
                    return true;
                },
                account
            );
        must<bool>(
            [](Txn& txn) -> Result<bool> {
                TRY(const auto made, create_collection(txn, kBen, {.name = "Inbox"}));
                return made.id.value == 1;
            },
            kBen
        );
        fill_folders();
        fill_items();
        fill_devices();
    }

    /// A mail comes, is read, moves and goes, with a body of its own.
    void come_and_go(int number) {
        const auto blob = make_blob(
            *files_, std::string(number % 3 == 0 ? 9'000U : 50U, 'a') + std::to_string(number)
        );
        const auto item = write<model::Item>([&](Txn& txn) -> Result<model::Item> {
            return insert_item(txn, kAnna, mail_of(model::CollectionId{1}, *blob));
        });
        ASSERT_TRUE(item.has_value()) << item.error().text;
        const auto rest = write<bool>([&](Txn& txn) -> Result<bool> {
            CHECK_OK(set_flags(txn, *item, model::flag::seen, "", {}));
            TRY(const auto moved, move_item(
                                      txn, *find_item(txn, kAnna, item->collection, item->uid),
                                      model::CollectionId{3}, {}
                                  ));
            if (number % 2 == 0)
                CHECK_OK(delete_item(txn, kAnna, moved.collection, moved.uid, {}));
            return true;
        });
        ASSERT_TRUE(rest.has_value()) << rest.error().text;
    }

    std::optional<model::Collection> folder(model::AccountId account, model::CollectionId id) {
        return read<std::optional<model::Collection>>(
            [&](Snapshot& s) { return find_collection(s, account, id); }, account
        );
    }

    /// The one blob of fill() that lies in a file.
    [[nodiscard]] std::filesystem::path path_of_the_file() const {
        for (const auto& entry :
             std::filesystem::recursive_directory_iterator(directory_ / "blobs"))
            if (entry.is_regular_file())
                return entry.path();
        return {};
    }

    static NewItem mail_of(model::CollectionId folder, const Blob& blob) {
        NewItem item;
        item.collection = folder;
        item.window = {5, 5};
        item.blob = blob;
        item.uid_text = blob.hash.hex();
        item.digest = "digest";
        return item;
    }

    /// Sync states of these tests are "epoch:reach".
    static Result<std::vector<CursorPlace>> read_place(const SyncStateRow& row) {
        const auto parts = split(row.state, ':');
        if (parts.size() != 2)
            return fail(Code::corrupt, "unreadable");
        return std::vector<CursorPlace>{
            {row.owner, *parse_int(parts[0]), model::ChangeSeq{*parse_int(parts[1])}}
        };
    }

private:
    template <class T>
    T must(std::function<Result<T>(Txn&)> work, model::AccountId account = kAnna) {
        auto done = write<T>(std::move(work), account);
        EXPECT_TRUE(done.has_value()) << done.error().text;
        return std::move(*done);
    }

    void fill_folders() {
        must<bool>([](Txn& txn) -> Result<bool> {
            using model::ItemClass;
            const NewCollection wanted[] = {
                {.role = model::Role::inbox, .name = "Inbox"},
                {.item_class = ItemClass::event, .role = model::Role::calendar, .name = "Calendar"},
                {.parent = model::CollectionId{1}, .name = "Old"},
                {.name = "Gone"},
                {.name = "Empty"}
            };
            for (const auto& each : wanted) {
                TRY(const auto made, create_collection(txn, kAnna, each));
                (void)made;
            }
            CHECK_OK(remove_collection(txn, kAnna, model::CollectionId{4}, {}));
            return true;
        });
    }

    void fill_items() {
        for (const auto& body : {std::string("one"), std::string("two"), std::string(9'000, 'L')}) {
            const auto blob = make_blob(*files_, body);
            must<model::Item>([&](Txn& txn) {
                return insert_item(txn, kAnna, mail_of(model::CollectionId{1}, *blob));
            });
        }
        const auto event = must<model::Item>([&](Txn& txn) {
            NewItem wanted = mail_of(model::CollectionId{2}, *make_blob(*files_, "event"));
            wanted.item_class = model::ItemClass::event;
            wanted.digest.clear();
            return insert_item(txn, kAnna, wanted);
        });
        must<bool>([&](Txn& txn) -> Result<bool> {
            const auto blob = *make_blob(*files_, "event moved");
            CHECK_OK(set_content(txn, event, {.blob = blob, .window = {7, 9}}));
            for (const auto in : {model::CollectionId{1}, model::CollectionId{5}}) {
                TRY(const auto item,
                    insert_item(txn, kAnna, mail_of(in, *make_blob(*files_, "short life"))));
                (void)item;
            }
            return true;
        });
        must<bool>([&](Txn& txn) -> Result<bool> {
            CHECK_OK(delete_item(txn, kAnna, model::CollectionId{1}, model::Uid{4}, {}));
            CHECK_OK(delete_item(txn, kAnna, model::CollectionId{5}, model::Uid{1}, {}));
            return true;
        });
    }

    void fill_devices() {
        static constexpr Sql kJob{
            "INSERT INTO outbox VALUES (1, 11, 1, 'ben@example.org', '2', $1, 0)"
        };
        static constexpr Sql kMark{"INSERT INTO delivered VALUES (1, 2, 12, 999)"};
        const auto author = author_of(kAnna, "PHONE");
        must<bool>([&](Txn& txn) -> Result<bool> {
            Device device;
            device.id = "PHONE";
            device.author = author;
            put_device(txn, kAnna, device);
            put_sync_state(txn, kAnna, "PHONE", kAnna, model::CollectionId{1}, "1234:3", 0);
            put_sync_state(txn, kAnna, "PHONE", kBen, model::CollectionId{1}, "1234:2", 0);
            add_client_op(txn, kAnna, author, model::CollectionId{1}, "c1", model::Uid{2}, 0);
            add_client_op(txn, kAnna, author, {}, "sent", {}, 0);
            const auto blob = *make_blob(*files_, "to be sent");
            link_blob(txn, kAnna, blob);
            txn.exec(kJob, Bytes{blob.hash.raw()});
            txn.exec(kMark);
            return true;
        });
    }

    const Options options_;
    std::filesystem::path directory_;
    std::unique_ptr<Database> db_;
    std::unique_ptr<BlobFiles> files_;
    Workers workers_{2};
    std::deque<Sql> statements_;
};

} // namespace lockstep::store
