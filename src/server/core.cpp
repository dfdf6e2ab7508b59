// Opening and closing of the core, and what it lends to administration.
#include "server/core.hpp"

#include <algorithm>
#include <unistd.h>

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/text.hpp"
#include "office/devices.hpp"
#include "office/search_index.hpp"
#include "server/sync_state_check.hpp"
#include "store/devices.hpp"
#include "store/verify.hpp"

namespace lockstep::server {
namespace {

std::string host_name(const Config& config) {
    if (!config.smtp.hostname.empty())
        return config.smtp.hostname;
    char name[256] = {};
    if (gethostname(name, sizeof name - 1) != 0 || *name == '\0')
        return "localhost";
    return name;
}

int threads_or_cores(std::int64_t wanted) {
    if (wanted > 0)
        return static_cast<int>(wanted);
    return static_cast<int>(std::max(2U, std::thread::hardware_concurrency()));
}

admin::DeviceFacts facts_of(const store::Device& device) {
    admin::DeviceFacts facts;
    facts.id = device.id;
    facts.kind = device.kind;
    facts.agent = device.agent;
    facts.version = fmt::format("{}.{}", device.version / 10, device.version % 10);
    facts.info = replace_all(replace_all(trim(device.info), "\t", " "), "\n", "; ");
    facts.created_us = device.created_us;
    facts.seen_us = device.seen_us;
    facts.title = device.title;
    facts.state = office::state_text(device);
    return facts;
}

/// One row for each finding, and a sentence.
admin::Answer answer_of(const store::VerifyReport& report) {
    admin::Answer answer;
    std::size_t left = report.dropped;
    answer.columns = {"finding", "where", "what", "mended"};
    for (const auto& each : report.findings) {
        answer.rows.push_back({each.word, each.where, each.text, each.mended});
        left += each.mended ? 0 : 1;
    }
    answer.text = report.summary();
    if (left > 0)
        answer.text += fmt::format("\n{} things are wrong.", left);
    else if (!report.findings.empty())
        answer.text += fmt::format("\nAll {} findings are mended.", report.findings.size());
    else
        answer.text += "\nEverything is sound.";
    answer.wrong = left > 0;
    return answer;
}

directory::Directory::Options directory_options(const Config& config) {
    directory::Directory::Options options;
    options.default_domain = config.domain.fallback;
    options.limiter.per_user_and_prefix = static_cast<int>(config.auth.attempts);
    options.limiter.window = config.auth.window;
    return options;
}

} // namespace

Result<std::unique_ptr<Core>> Core::open(const std::filesystem::path& data, const Config& config) {
    TRY(auto lock, DataLock::take(data));
    std::unique_ptr<Core> core(new Core(std::move(lock)));
    if (config.clock.manual) {
        auto standing = manual_clock(std::chrono::duration_cast<std::chrono::microseconds>(
                                         std::chrono::system_clock::now().time_since_epoch()
        )
                                         .count());
        core->manual_ = standing.get();
        core->clock_ = std::move(standing);
    } else {
        core->clock_ = system_clock();
    }
    core->workers_ = std::make_unique<Workers>(4);
    TRY(core->files_, store::BlobFiles::open(posix_file_system(), (data / "blobs").string()));
    store::SqliteOptions options;
    options.directory = data.string();
    options.shards = static_cast<int>(config.store.shards);
    options.readers = threads_or_cores(config.store.readers);
    TRY(auto engine, store::open_sqlite(options));
    core->hub_ = std::make_unique<sync::Hub>();
    engine->on_commit([hub = core->hub_.get(),
                       self = core.get()](std::span<const store::Change> changes) {
        if (!std::ranges::all_of(changes, &store::Change::settings))
            self->mark_index_due();
        hub->publish(changes);
    });
    core->reserve_ = std::make_unique<store::Reserve>(
        store::posix_space(), data.string(),
        [store = engine.get(), files = core->files_.get()](bool may) {
            store->allow_growth(may);
            files->allow_growth(may);
        }
    );
    engine->on_full([reserve = core->reserve_.get()] { reserve->give_up(); });
    core->reserve_->look();
    core->db_ = std::make_unique<store::Database>(std::move(engine));
    core->directory_ = std::make_unique<directory::Directory>(
        *core->db_, *core->clock_, *core->workers_, directory_options(config)
    );
    core->office_ = std::make_unique<office::Office>(
        *core->db_, *core->files_, *core->directory_, *core->hub_, *core->workers_, *core->clock_,
        host_name(config)
    );
    // Who joins or leaves a group is told as if its own folders had changed.
    core->directory_->on_visibility([hub = core->hub_.get()](model::AccountId account) {
        const store::Change change{account, {}, {}, {}};
        hub->publish({&change, 1});
    });
    CHECK_OK(block_on(core->directory_->open()));
    return core;
}

Core::~Core() {
    if (workers_)
        workers_->close();
    if (db_)
        db_->engine().close();
}

void Core::on_index_due(std::function<void()> due) {
    tell_index_due_.with([&](std::function<void()>& tell) { tell = std::move(due); });
    mark_index_due(); // what an earlier process left
}

void Core::mark_index_due() {
    if (stopping_ || index_due_.exchange(true))
        return;
    const auto tell = tell_index_due_.with([](const std::function<void()>& told) { return told; });
    if (tell)
        tell();
    else
        index_due_ = false; // nobody listens yet: on_index_due() asks for everything
}

Task<void> Core::index() {
    if (indexing_.exchange(true))
        co_return; // it looks again at its end
    index_due_ = false;
    const auto done = co_await office::index_all(*office_, &stopping_);
    indexing_ = false;
    const bool called = index_due_.exchange(false);
    if (!called && done && *done == 0)
        co_return;
    if (!done && done.error().code != Code::closed)
        log::warn("search.indexing_failed", {{"reason", done.error()}});
    // Meanwhile more may have come; a call for it was turned away above.
    mark_index_due();
}

Task<void> Core::look_at_disk() {
    std::function<Result<bool>()> look = [this]() -> Result<bool> {
        reserve_->look();
        return true;
    };
    co_await workers_->run<bool>(std::move(look));
}

Task<Result<>> Core::maintain() {
    store::MaintainOptions options;
    options.now_us = clock_->now_us();
    options.stopping = [this] { return stopping_.load(); };
    auto report = co_await store::maintain(*db_, *files_, *workers_, upkeep_, std::move(options));
    if (!report)
        co_return std::unexpected(report.error());
    if (report->files_removed + report->rows_removed > 0)
        log::info(
            "store.maintained", {{"rows_removed", report->rows_removed},
                                 {"files_removed", report->files_removed},
                                 {"bytes_freed", report->bytes_freed}}
        );
    co_return Result<>();
}

void Core::follow(const Config& config) {
    directory_->set(directory_options(config));
    office_->set_hostname(host_name(config));
}

Task<Result<std::vector<admin::DeviceFacts>>> Core::devices_of(model::AccountId account) {
    std::function<Result<std::vector<admin::DeviceFacts>>(store::Snapshot&)> work =
        [account](store::Snapshot& snapshot) -> Result<std::vector<admin::DeviceFacts>> {
        std::vector<admin::DeviceFacts> all;
        for (const auto& device : store::list_devices(snapshot, account))
            all.push_back(facts_of(device));
        return all;
    };
    CO_TRY(auto all, co_await db_->read<std::vector<admin::DeviceFacts>>(account, std::move(work)));
    for (auto& each : all) {
        CO_TRY(each.holds, co_await office::held_text(*office_, account, each.id));
    }
    co_return all;
}

Task<Result<>> Core::remove_device(model::AccountId account, std::string device) {
    std::function<Result<bool>(store::Txn&)> work = [account,
                                                     device](store::Txn& txn) -> Result<bool> {
        if (!store::remove_device(txn, account, device))
            return fail(Code::not_found, "there is no device " + device);
        return true;
    };
    CO_CHECK_OK(co_await db_->write<bool>(account, std::move(work)));
    co_return Result<>();
}

Task<Result<admin::Answer>> Core::verify(bool recount, bool repair) {
    store::VerifyOptions options;
    options.recount = recount;
    options.repair = repair;
    options.read_sync_state = read_sync_state;
    options.stopping = [this] { return stopping_.load(); };
    CO_TRY(const auto report, co_await store::verify(*db_, *files_, *workers_, std::move(options)));
    co_return answer_of(report);
}

Task<Result<admin::Answer>> Core::make_demo() {
    CO_CHECK_OK(co_await fill_demo(*office_));
    co_return demo_people_answer();
}

admin::Lent Core::lend() {
    // None of these is a coroutine itself: the frame of one must not depend on the closure's life.
    admin::Lent lent;
    lent.devices = [this](model::AccountId account) { return devices_of(account); };
    lent.remove_device = [this](model::AccountId account, std::string device) {
        return remove_device(account, std::move(device));
    };
    lent.verify = [this](bool recount, bool repair) { return verify(recount, repair); };
    lent.office = office_.get();
    lent.new_epoch = [this] { return store::new_epoch(*db_); };
    lent.demo = [this] { return make_demo(); };
    if (manual_ != nullptr) {
        lent.advance_clock = [this](std::chrono::nanoseconds by) -> Result<> {
            manual_->advance(by);
            return {};
        };
    }
    return lent;
}

} // namespace lockstep::server
