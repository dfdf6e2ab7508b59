// Fuzzes whole sessions against a store in memory. Oracles: the same replies however the bytes are
// cut; every accepted message is in the Inbox, once for each, and nothing else is; every reply is
// well-formed; the session always ends.
#include <cstdint>
#include <filesystem>
#include <future>

#include <unistd.h>

#include "base/ensure.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "protocols/smtp/dialogue_test_support.hpp"

namespace {

using namespace lockstep;

/// Runs every job before it returns, so that a session's steps follow from its bytes alone.
class InlineEngine final : public store::Engine {
public:
    explicit InlineEngine(std::unique_ptr<store::Engine> engine) : engine_(std::move(engine)) {}
    int shards() const override { return engine_->shards(); }
    void read(store::Plane plane, std::function<void(store::Snapshot&)> work, Done done) override {
        std::promise<Result<>> promise;
        engine_->read(plane, std::move(work), [&](Result<> result) {
            promise.set_value(std::move(result));
        });
        done(promise.get_future().get());
    }
    void write(store::Plane plane, std::function<Result<>(store::Txn&)> work, Done done) override {
        std::promise<Result<>> promise;
        engine_->write(plane, std::move(work), [&](Result<> result) {
            promise.set_value(std::move(result));
        });
        done(promise.get_future().get());
    }
    void on_commit(std::function<void(std::span<const store::Change>)> listener) override {
        engine_->on_commit(std::move(listener));
    }
    void close() override { engine_->close(); }

private:
    std::unique_ptr<store::Engine> engine_;
};

/// An office with one person, on engines that do their work inline.
struct FuzzHouse {
    FuzzHouse() {
        blobs = std::filesystem::temp_directory_path() /
                ("lockstep-smtp-fuzz-" + std::to_string(getpid()));
        auto engine = store::open_sqlite({.shards = 1});
        db = std::make_unique<store::Database>(std::make_unique<InlineEngine>(std::move(*engine)));
        files = std::move(*store::BlobFiles::open(posix_file_system(), blobs));
        people = std::make_unique<directory::Directory>(
            *db, *clock, workers, directory::Directory::Options{}
        );
        ENSURE(block_on(people->open()));
        ENSURE(block_on(people->add_domain("a.example")));
        const auto account = block_on(people->add_account({.address = "u@a.example", .name = "U"}));
        ENSURE(account);
        user = account->id;
        office = std::make_unique<office::Office>(
            *db, *files, *people, hub, workers, *clock, "mx.example"
        );
    }
    ~FuzzHouse() {
        workers.close();
        db->engine().close();
        std::filesystem::remove_all(blobs);
    }
    std::int64_t inbox() {
        std::function<Result<std::int64_t>(store::Snapshot&)> work = [&](store::Snapshot& snapshot
                                                                     ) -> Result<std::int64_t> {
            return store::find_by_role(snapshot, user, model::Role::inbox)->total;
        };
        return block_on(db->read<std::int64_t>(user, std::move(work))).value();
    }

    std::string blobs;
    std::unique_ptr<ManualClock> clock = manual_clock(1'000'000);
    Workers workers{1};
    sync::Hub hub;
    std::unique_ptr<store::Database> db;
    std::unique_ptr<store::BlobFiles> files;
    std::unique_ptr<directory::Directory> people;
    std::unique_ptr<office::Office> office;
    model::AccountId user;
};

/// Writes the pieces between 0xFF bytes with time between them; returns all that the server said.
Task<std::string>
play(FuzzHouse& house, smtp::SmtpDoor& door, std::string_view bytes, std::size_t chunk) {
    net::MemoryOptions options;
    options.chunk = chunk;
    auto pair = net::memory_pair(*house.clock, options);
    co_await net::spawn_beside(
        door.serve(std::make_unique<smtp::testing::PretendTls>(std::move(pair.server)))
    );
    co_await net::testing::settle();
    for (const auto piece : split(bytes, '\xFF')) {
        const auto written = co_await net::write(*pair.client, piece);
        if (!written)
            break;
        // One byte a turn is the slowest that the server can be.
        for (std::size_t i = 0; i <= piece.size() / 50; ++i)
            co_await net::testing::settle();
    }
    house.clock->advance(std::chrono::hours(2));
    auto said = co_await net::testing::read_all(*pair.client);
    co_return said;
}

/// The ids of accepted messages are random.
std::string without_ids(const std::string& said) {
    std::string kept;
    for (const auto line : split(said, '\n'))
        kept.append(line.substr(0, line.find(" as "))).append("\n");
    return kept;
}

void check_replies(std::string_view said) {
    ENSURE(said.empty() || said.ends_with("\r\n"));
    while (!said.empty()) {
        const auto end = said.find("\r\n");
        const auto line = said.substr(0, end);
        ENSURE(line.size() >= 4 && is_digit(line[0]) && is_digit(line[1]) && is_digit(line[2]));
        ENSURE(line[3] == ' ' || line[3] == '-');
        ENSURE(line.find_first_of("\r\n") == std::string_view::npos);
        said.remove_prefix(end + 2);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // Less than what a worker thread would be asked for.
    if (size < 2 || size > 6'000)
        return 0;
    log::set_level(log::Level::off);
    static std::unique_ptr<FuzzHouse> house;
    static int runs = 0;
    if (runs++ % 500 == 0)
        house = std::make_unique<FuzzHouse>();
    smtp::SmtpDoor door(
        *house->office, [] { return smtp::SmtpOptions{.hostname = {}, .max_size = 2'000}; }, nullptr
    );
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto before = house->inbox();
    const auto whole = block_on(play(*house, door, bytes, 0));
    const auto between = house->inbox();
    check_replies(whole);
    ENSURE(
        static_cast<std::size_t>(between - before) == net::testing::times(whole, " accepted as ")
    );
    const auto cut = block_on(play(*house, door, bytes, 1 + data[0] % 16U));
    ENSURE(without_ids(cut) == without_ids(whole));
    ENSURE(house->inbox() - between == between - before);
    ENSURE(door.connections() == 0);
    return 0;
}
