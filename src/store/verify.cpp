// verify: the order of the examinations, and the rounds of mending.
// Invariants: whatever another file's row must not outrun is read before that row is judged, so
// that work going on meanwhile is never called damage.
#include "store/verify.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"
#include "store/verify_exam.hpp"

namespace lockstep::store {
namespace {

constexpr int kRounds = 100; ///< of mending one part: a mend may bring another thing to light

using Examine = std::function<void(Snapshot&, Examined&)>;

constexpr Sql kMendDropClaim{"DELETE FROM sync_state WHERE account_id = $1 AND device_id = $2 AND "
                             "owner_id = $3 AND coll_id = $4"};

std::string name_of_plane(Plane plane) {
    return plane.index < 0 ? std::string("control file") : fmt::format("shard {}", plane.index);
}

class Verifier {
public:
    Verifier(Database& db, BlobFiles& files, Workers& workers, VerifyOptions options)
        : db_(db), files_(files), workers_(workers), options_(std::move(options)) {}

    Task<Result<VerifyReport>> run() {
        CO_CHECK_OK(co_await check_file(Plane{}));
        const Examine control = [](Snapshot& snapshot, Examined& out) {
            examine_control(snapshot, out);
        };
        CO_CHECK_OK(co_await settle(Plane{}, control));
        for (int shard = 0; shard < db_.engine().shards(); ++shard)
            CO_CHECK_OK(co_await check_shard(Plane{shard}));
        CO_CHECK_OK(co_await check_known_accounts());
        CO_CHECK_OK(co_await check_files());
        co_return std::move(report_);
    }

private:
    /// The engine's own check of a file.
    Task<Result<>> check_file(Plane plane) {
        std::function<Result<std::vector<std::string>>(Snapshot&)> work =
            [this](Snapshot& snapshot) -> Result<std::vector<std::string>> {
            return db_.engine().integrity(snapshot);
        };
        const auto wrong = co_await db_.read<std::vector<std::string>>(plane, std::move(work));
        if (!wrong)
            co_return unreadable(plane, wrong.error());
        for (const auto& text : *wrong)
            note({"file-broken", name_of_plane(plane), text, false});
        co_return Result<>();
    }

    /// A file that cannot be read is a finding; a store that is closing is an error.
    Result<> unreadable(Plane plane, const Error& error) {
        if (error.code != Code::corrupt)
            return std::unexpected(error);
        note({"file-broken", name_of_plane(plane), error.text, false});
        return {};
    }

    Task<Result<>> check_shard(Plane plane) {
        CO_CHECK_OK(co_await check_file(plane));
        model::AccountId after;
        for (;;) {
            if (options_.stopping && options_.stopping())
                co_return fail(Code::closed, "stopping");
            using Next = std::optional<model::AccountId>;
            std::function<Result<Next>(Snapshot&)> work = [after](Snapshot& snapshot
                                                          ) -> Result<Next> {
                return next_account_here(snapshot, after);
            };
            const auto next = co_await db_.read<Next>(plane, std::move(work));
            if (!next)
                co_return unreadable(plane, next.error());
            if (!*next)
                co_return Result<>();
            after = **next;
            CO_CHECK_OK(co_await check_account(plane, after));
        }
    }

    Task<Result<>> check_account(Plane plane, model::AccountId account) {
        std::function<Result<bool>(Snapshot&)> ask = [account](Snapshot& snapshot) -> Result<bool> {
            return account_is_known(snapshot, account);
        };
        const auto known = co_await db_.read_control<bool>(std::move(ask));
        if (!known)
            co_return unreadable(Plane{}, known.error());
        if (account.value < 1 || db_.plane_of(account) != plane) {
            note(
                {"account-in-wrong-file", fmt::format("account {}", account.value),
                 "has rows in " + name_of_plane(plane), false}
            );
            co_return Result<>();
        }
        if (!*known) {
            const Examine left_over = [account](Snapshot& snapshot, Examined& out) {
                examine_left_over(snapshot, out, account);
            };
            CO_CHECK_OK(co_await settle(plane, left_over));
            if (options_.repair)
                co_return Result<>();
        }
        const auto claims = std::make_shared<std::vector<CursorClaim>>();
        const Examine exam = [this, account, claims](Snapshot& snapshot, Examined& out) {
            AccountExam each(snapshot, files_, account, options_, out);
            each.run();
            *claims = each.take_claims();
        };
        CO_CHECK_OK(co_await settle(plane, exam));
        co_return co_await check_claims(account, *claims);
    }

    /// Rows of an account that is none any more: its removal was interrupted.
    static void examine_left_over(Snapshot& snapshot, Examined& out, model::AccountId account) {
        const auto here = next_account_here(snapshot, {account.value - 1});
        if (here != account)
            return;
        out.add(
            "account-left-over", fmt::format("account {}", account.value),
            "was removed, its rows were not", Remedy::repair,
            [account](Txn& txn) { erase_account(txn, account); }
        );
    }

    /// Sync states against the counters of those whose changes they follow. The counters are read
    /// later than the states, and only grow.
    Task<Result<>> check_claims(model::AccountId account, const std::vector<CursorClaim>& claims) {
        std::map<model::AccountId, std::optional<AccountState>> owners;
        for (const auto& claim : claims) {
            const auto owner = claim.place.owner;
            if (!owners.contains(owner)) {
                using Found = std::optional<AccountState>;
                std::function<Result<Found>(Snapshot&)> work = [owner](Snapshot& snapshot
                                                               ) -> Result<Found> {
                    return account_state(snapshot, owner);
                };
                if (owner.value < 1)
                    owners.emplace(owner, std::nullopt);
                else {
                    auto state = co_await db_.read<Found>(owner, std::move(work));
                    if (!state)
                        co_return unreadable(db_.plane_of(owner), state.error());
                    owners.emplace(owner, std::move(*state));
                }
            }
            // An owner that is gone, or lives another life, makes the device start afresh.
            const auto& state = owners.at(owner);
            if (!state || state->epoch != claim.place.epoch || claim.place.reach <= state->modseq)
                continue;
            CO_CHECK_OK(co_await drop_claim(account, claim, state->modseq));
        }
        co_return Result<>();
    }

    Task<Result<>>
    drop_claim(model::AccountId account, const CursorClaim& claim, model::ChangeSeq modseq) {
        Finding finding{
            "sync-state-ahead",
            fmt::format(
                "account {} device {} owner {} folder {}", account.value, claim.device,
                claim.owner.value, claim.collection.value
            ),
            fmt::format(
                "reaches {}, the owner stands at {}", claim.place.reach.value, modseq.value
            ),
            false
        };
        if (options_.repair) {
            std::function<Result<bool>(Txn&)> work = [account, claim](Txn& txn) -> Result<bool> {
                txn.exec(kMendDropClaim, account, claim.device, claim.owner, claim.collection);
                return true;
            };
            CO_TRY(finding.mended, co_await db_.write<bool>(account, std::move(work)));
        }
        note(std::move(finding));
        co_return Result<>();
    }

    /// Accounts of the control file that have nothing in their shard.
    Task<Result<>> check_known_accounts() {
        model::AccountId after;
        for (;;) {
            using Next = std::optional<model::AccountId>;
            std::function<Result<Next>(Snapshot&)> work = [after](Snapshot& snapshot
                                                          ) -> Result<Next> {
                return next_known_account(snapshot, after);
            };
            const auto next = co_await db_.read_control<Next>(std::move(work));
            if (!next)
                co_return unreadable(Plane{}, next.error());
            if (!*next)
                co_return Result<>();
            after = **next;
            if (after.value < 1)
                continue;
            std::function<Result<bool>(Snapshot&)> look = [after](Snapshot& snapshot
                                                          ) -> Result<bool> {
                return next_account_here(snapshot, {after.value - 1}) == after;
            };
            const auto present = co_await db_.read<bool>(after, std::move(look));
            if (!present)
                co_return unreadable(db_.plane_of(after), present.error());
            if (!*present)
                CO_CHECK_OK(co_await note_if_still_known(after));
        }
    }

    /// It may have been removed in between.
    Task<Result<>> note_if_still_known(model::AccountId account) {
        std::function<Result<bool>(Snapshot&)> work = [account](Snapshot& snapshot
                                                      ) -> Result<bool> {
            return account_is_known(snapshot, account);
        };
        CO_TRY(const bool known, co_await db_.read_control<bool>(std::move(work)));
        if (known)
            note(
                {"account-without-rows", fmt::format("account {}", account.value),
                 "nothing of it is in its shard file", false}
            );
        co_return Result<>();
    }

    Task<Result<>> check_files() {
        std::function<Result<Examined>()> work = [this]() -> Result<Examined> {
            Examined examined;
            CHECK_OK(examine_files(db_, files_, options_, examined));
            return examined;
        };
        auto examined = co_await workers_.run<Examined>(std::move(work));
        if (!examined && examined.error().code != Code::corrupt)
            co_return std::unexpected(examined.error());
        if (examined)
            take(std::move(*examined));
        else
            note({"file-broken", "blob files", examined.error().text, false});
        co_return Result<>();
    }

    [[nodiscard]] bool may(const Found& found) const {
        return found.mend && (found.remedy == Remedy::recount ? options_.recount || options_.repair
                                                              : options_.repair);
    }

    /// Examines one part of one file until nothing is left that may be mended.
    Task<Result<>> settle(Plane plane, Examine examine) {
        for (int round = 0;; ++round) {
            std::function<Result<Examined>(Snapshot&)> look = [&examine](Snapshot& snapshot
                                                              ) -> Result<Examined> {
                Examined examined;
                examine(snapshot, examined);
                return examined;
            };
            auto examined = co_await db_.read<Examined>(plane, std::move(look));
            if (!examined)
                co_return unreadable(plane, examined.error());
            const bool mendable = std::ranges::any_of(examined->found, [this](const Found& found) {
                return may(found);
            });
            if (!mendable || round == kRounds) {
                take(std::move(*examined));
                co_return Result<>();
            }
            std::function<Result<std::vector<Finding>>(Txn&)> mend =
                [this, &examine](Txn& txn) -> Result<std::vector<Finding>> {
                return mend_round(txn, examine);
            };
            auto mended = co_await db_.write<std::vector<Finding>>(plane, std::move(mend));
            if (!mended)
                co_return std::unexpected(mended.error());
            for (auto& finding : *mended)
                note(std::move(finding));
        }
    }

    /// Looks again, now that nobody else writes, and mends what may be mended.
    std::vector<Finding> mend_round(Txn& txn, const Examine& examine) const {
        Examined examined;
        examine(txn, examined);
        std::vector<Finding> mended;
        for (auto& found : examined.found) {
            if (!may(found))
                continue;
            found.mend(txn);
            found.finding.mended = true;
            mended.push_back(std::move(found.finding));
        }
        return mended;
    }

    void note(Finding finding) {
        if (report_.findings.size() < limits::kVerifyFindings)
            report_.findings.push_back(std::move(finding));
        else
            ++report_.dropped;
    }

    void take(Examined examined) {
        for (auto& found : examined.found)
            note(std::move(found.finding));
        report_.dropped += examined.dropped;
        report_.accounts += examined.tally.accounts;
        report_.folders += examined.tally.folders;
        report_.items += examined.tally.items;
        report_.tombstones += examined.tally.tombstones;
        report_.sync_states += examined.tally.sync_states;
        report_.blobs += examined.tally.blobs;
        report_.files += examined.tally.files;
        report_.orphans += examined.tally.orphans;
    }

    Database& db_;
    BlobFiles& files_;
    Workers& workers_;
    const VerifyOptions options_;
    VerifyReport report_;
};

} // namespace

bool VerifyReport::sound() const {
    return dropped == 0 && std::ranges::all_of(findings, &Finding::mended);
}

std::string VerifyReport::summary() const {
    return fmt::format(
        "Checked {} accounts, {} folders, {} items, {} tombstones, {} sync states, {} bodies and "
        "{} "
        "files ({} files await the sweep).",
        accounts, folders, items, tombstones, sync_states, blobs, files, orphans
    );
}

Task<Result<VerifyReport>>
verify(Database& db, BlobFiles& files, Workers& workers, VerifyOptions options) {
    Verifier verifier(db, files, workers, std::move(options));
    co_return co_await verifier.run();
}

} // namespace lockstep::store
