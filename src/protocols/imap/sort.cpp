// SORT and THREAD, with and without UID.
// Spec: RFC 5256, RFC 5957 (DISPLAY), RFC 5267 (ESORT).
#include "codec/imap/sort_request.hpp"

#include "protocols/imap/commands.hpp"
#include "protocols/imap/search_program.hpp"

namespace lockstep::imap::commands {
namespace {

Result<office::Condition> condition_of(Session& session, std::vector<SearchNode> program) {
    return to_condition(
        std::move(program), session.view(), session.view()->folder().collection.owner,
        session.office().clock.now_us()
    );
}

Task<Result<>> sort_by(Session& session, const Command& command, bool by_uid) {
    auto in = scan(session, command);
    auto parsed = parse_sort(in);
    if (!parsed && refuse_search(session, command, parsed.error()))
        co_return Result<>();
    CO_TRY(auto request, std::move(parsed));
    SearchRequest search;
    search.result = request.result;
    search.program = request.program;
    const bool modseq = search.asks_modseq();
    if (modseq)
        session.enabled.condstore = true;
    CO_TRY(auto condition, condition_of(session, std::move(request.program)));
    CO_TRY(
        const auto hits, co_await office::sort_folder(
                             session.office(), session.view()->folder(), std::move(condition),
                             to_sort_keys(request.criteria)
                         )
    );
    auto found = to_found(hits, session.view(), by_uid);
    found.sorted = true;
    const auto& wanted = request.result;
    if (wanted.save)
        session.view()->save(to_save(wanted, found));
    // Results of SORT are not kept up to date: their positions would have to be.
    if (wanted.update)
        session.untagged("NO [NOUPDATE \"" + command.tag + "\"] sorted results are not kept");
    if (!wanted.given)
        session.untagged(plain_answer("SORT", found, modseq));
    else if (wanted.min || wanted.max || wanted.count || wanted.all || wanted.partial)
        session.untagged(extended_answer(command.tag, wanted, found, modseq));
    co_return co_await session.ok(command);
}

/// Writes threads: "(3 6 (4 23)(44 7 96))". A place whose mail is not there stands as parentheses
/// around its children.
class ThreadWriter {
public:
    ThreadWriter(std::string& out, const office::Threads& threads, const View& view, bool by_uid)
        : out_(out), threads_(threads), view_(view), by_uid_(by_uid) {}

    void write() {
        for (auto root = threads_.roots.rbegin(); root != threads_.roots.rend(); ++root)
            open_.push_back({*root, Step::thread});
        while (!open_.empty()) {
            const auto next = open_.back();
            open_.pop_back();
            take(next);
        }
    }

private:
    enum class Step : std::uint8_t { thread, member, close };
    struct Open {
        std::uint32_t node = 0;
        Step step = Step::thread;
    };

    void take(Open open) {
        if (open.step == Step::close) {
            out_ += ')';
            return;
        }
        if (open.step == Step::thread) {
            out_ += '(';
            open_.push_back({0, Step::close});
        }
        const auto& node = threads_.nodes[open.node];
        const auto uid = static_cast<std::uint32_t>(node.uid.value);
        const auto told = uid == 0 ? 0 : by_uid_ ? uid : view_.number_of(uid);
        if (told != 0) {
            if (out_.back() != '(')
                out_ += ' ';
            out_ += std::to_string(told);
        }
        if (node.children.size() == 1 && (told != 0 || open.step == Step::member)) {
            open_.push_back({node.children.front(), Step::member});
            return;
        }
        if (!node.children.empty() && told != 0)
            out_ += ' ';
        for (auto child = node.children.rbegin(); child != node.children.rend(); ++child)
            open_.push_back({*child, node.children.size() == 1 ? Step::member : Step::thread});
    }

    std::string& out_;
    const office::Threads& threads_;
    const View& view_;
    const bool by_uid_;
    std::vector<Open> open_;
};

Task<Result<>> thread_by(Session& session, const Command& command, bool by_uid) {
    auto in = scan(session, command);
    auto parsed = parse_thread(in);
    if (!parsed && refuse_search(session, command, parsed.error()))
        co_return Result<>();
    CO_TRY(auto request, std::move(parsed));
    CO_TRY(auto asked, condition_of(session, std::move(request.program)));
    // Nothing that the client has not heard of may stand in the tree.
    auto known = office::Condition::of(office::Condition::Kind::uids);
    known.ranges.emplace_back(1, session.view()->largest());
    auto condition = office::Condition::all_of({std::move(known), std::move(asked)});
    const auto threading =
        request.algorithm == ThreadAlgorithm::ordered_subject ? office::Threading::ordered_subject
        : request.algorithm == ThreadAlgorithm::refs          ? office::Threading::refs
                                                              : office::Threading::references;
    CO_TRY(
        const auto threads,
        co_await office::thread_folder(
            session.office(), session.view()->folder(), std::move(condition), threading
        )
    );
    std::string line = "THREAD";
    if (!threads.roots.empty()) {
        line += ' ';
        ThreadWriter(line, threads, *session.view(), by_uid).write();
    }
    session.untagged(line);
    co_return co_await session.ok(command);
}

} // namespace

Task<Result<>> sort(Session& session, const Command& command) {
    return sort_by(session, command, false);
}

Task<Result<>> uid_sort(Session& session, const Command& command) {
    return sort_by(session, command, true);
}

Task<Result<>> thread(Session& session, const Command& command) {
    return thread_by(session, command, false);
}

Task<Result<>> uid_thread(Session& session, const Command& command) {
    return thread_by(session, command, true);
}

} // namespace lockstep::imap::commands
