// A DNS of a few records, for tests.
#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <arpa/inet.h>

#include "mailflow/dns.hpp"

namespace lockstep::mailflow {

class TestZone : public Resolver {
public:
    Task<Result<DnsAnswer>> ask(std::string name, RecordType type) override {
        ++questions;
        if (failing == name)
            co_return fail(Code::unavailable, "SERVFAIL");
        DnsAnswer answer;
        answer.name = name;
        if (const auto found = records_.find({name, type}); found != records_.end())
            answer.records = found->second;
        answer.exists = !answer.records.empty();
        co_return answer;
    }

    void txt(const std::string& name, std::string_view text) {
        std::string rdata;
        while (!text.empty()) {
            const auto piece = text.substr(0, 255);
            rdata += static_cast<char>(piece.size());
            rdata += piece;
            text.remove_prefix(piece.size());
        }
        add(name, RecordType::txt, rdata);
    }
    void address(const std::string& name, const std::string& address) {
        std::string bytes(address.contains(':') ? 16 : 4, '\0');
        inet_pton(bytes.size() == 16 ? AF_INET6 : AF_INET, address.c_str(), bytes.data());
        add(name, bytes.size() == 16 ? RecordType::aaaa : RecordType::a, bytes);
    }
    void mx(const std::string& name, const std::string& host) {
        add(name, RecordType::mx, std::string("\0\x0a", 2) + wire_name(host));
    }
    void ptr(const std::string& name, const std::string& host) {
        add(name, RecordType::ptr, wire_name(host));
    }

    int questions = 0;
    std::string failing; ///< a name that is not answered

private:
    void add(const std::string& name, RecordType type, std::string rdata) {
        records_[{name, type}].push_back(std::move(rdata));
    }
    static std::string wire_name(std::string_view host) {
        std::string out;
        while (!host.empty()) {
            const auto label = host.substr(0, host.find('.'));
            out += static_cast<char>(label.size());
            out += label;
            host.remove_prefix(std::min(host.size(), label.size() + 1));
        }
        return out + '\0';
    }
    std::map<std::pair<std::string, RecordType>, std::vector<std::string>> records_;
};

} // namespace lockstep::mailflow
