// libunbound as the resolver: it caches, and validates DNSSEC in this process.
// Invariants: one thread waits for answers; a question is answered once, or forgotten when the
// resolver closes. libunbound has no deadline of its own for a question that hangs: its retries end
// within about a minute, and whoever asks has a deadline of their own.
#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include <poll.h>
#include <unbound.h>

#include "base/limits_mail.hpp"
#include "base/text.hpp"
#include "mailflow/dns.hpp"

namespace lockstep::mailflow {
namespace {

constexpr int kPollMs = 200; ///< how soon close() is noticed

class Unbound final : public Resolver {
public:
    explicit Unbound(ub_ctx* context) : context_(context), thread_([this] { loop(); }) {}
    ~Unbound() override {
        closing_ = true;
        thread_.join();
        ub_ctx_delete(context_);
    }

    Task<Result<DnsAnswer>> ask(std::string name, RecordType type) override {
        if (name.empty() || name.size() > 253 || !is_ascii(name))
            co_return fail(Code::bad_value, "this is no domain name");
        std::function<void(Promise<Result<DnsAnswer>>)> start =
            [&](Promise<Result<DnsAnswer>> promise) {
                auto* const waiting = new Promise<Result<DnsAnswer>>(promise);
                const int error = ub_resolve_async(
                    context_, name.c_str(), static_cast<int>(type), 1, waiting, &answered, nullptr
                );
                if (error == 0)
                    return;
                delete waiting;
                promise.set(fail(Code::unavailable, ub_strerror(error)));
            };
        auto answer = co_await await_value<Result<DnsAnswer>>(std::move(start));
        co_return answer;
    }

private:
    void loop() {
        pollfd waiting{ub_fd(context_), POLLIN, 0};
        while (!closing_) {
            if (::poll(&waiting, 1, kPollMs) > 0)
                ub_process(context_);
        }
    }

    static Result<DnsAnswer> answer_of(int error, const ub_result* result) {
        if (error != 0 || result == nullptr)
            return fail(Code::unavailable, error != 0 ? ub_strerror(error) : "no answer");
        if (result->bogus != 0)
            return fail(Code::unavailable, "the answer fails DNSSEC");
        if (result->rcode != 0 && result->rcode != 3)
            return fail(Code::unavailable, "the name servers fail");
        DnsAnswer answer;
        answer.exists = result->nxdomain == 0;
        answer.secure = result->secure != 0;
        answer.name = result->canonname != nullptr ? result->canonname : result->qname;
        for (std::size_t i = 0;
             i < limits::kDnsAnswers && result->havedata != 0 && result->data[i] != nullptr; ++i)
            answer.records.emplace_back(result->data[i], static_cast<std::size_t>(result->len[i]));
        return answer;
    }
    static void answered(void* data, int error, ub_result* result) {
        const std::unique_ptr<Promise<Result<DnsAnswer>>> waiting(
            static_cast<Promise<Result<DnsAnswer>>*>(data)
        );
        auto answer = answer_of(error, result);
        if (result != nullptr)
            ub_resolve_free(result);
        waiting->set(std::move(answer));
    }

    ub_ctx* const context_;
    std::atomic<bool> closing_ = false;
    std::thread thread_;
};

/// Every domain of the file is answered from it alone, so that nothing of a test leaves the
/// machine.
Result<> add_zone(ub_ctx* context, const std::string& path) {
    std::ifstream file(path);
    if (!file)
        return fail(Code::bad_value, "cannot read " + path);
    for (std::string line; std::getline(file, line);) {
        const auto text = std::string(trim(line));
        if (text.empty() || text.starts_with(';'))
            continue;
        if (ub_ctx_data_add(context, text.c_str()) != 0)
            return fail(Code::bad_value, path + ": not a record: " + text);
    }
    return {};
}

Result<> set_up(ub_ctx* context, const ResolverOptions& options) {
    ub_ctx_async(context, 1);
    std::error_code ignored;
    if (!options.server.empty() && ub_ctx_set_fwd(context, options.server.c_str()) != 0)
        return fail(Code::bad_value, options.server + " is no address of a name server");
    if (!options.zone_file.empty()) {
        ub_ctx_set_option(context, "do-not-query-localhost:", "no");
        // Whatever the file does not say does not exist.
        ub_ctx_zone_add(context, ".", "static");
        CHECK_OK(add_zone(context, options.zone_file));
    } else if (std::filesystem::exists(options.anchor_file, ignored)) {
        ub_ctx_add_ta_file(context, options.anchor_file.c_str());
    }
    if (!options.server.empty())
        ub_ctx_set_option(context, "do-not-query-localhost:", "no");
    return {};
}

} // namespace

Result<std::unique_ptr<Resolver>> open_resolver(const ResolverOptions& options) {
    ub_ctx* const context = ub_ctx_create();
    if (context == nullptr)
        return fail(Code::unavailable, "libunbound does not start");
    if (const auto set = set_up(context, options); !set) {
        ub_ctx_delete(context);
        return std::unexpected(set.error());
    }
    return std::make_unique<Unbound>(context);
}

} // namespace lockstep::mailflow
