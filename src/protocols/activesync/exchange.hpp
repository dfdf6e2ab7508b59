// One request under way, and the answer that a command gives.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "codec/eas/query.hpp"
#include "codec/wbxml/node.hpp"
#include "codec/wbxml/writer.hpp"
#include "office/devices.hpp"
#include "office/jobs.hpp"
#include "office/rules.hpp"
#include "office/sync_policy.hpp"
#include "protocols/activesync/door.hpp"

namespace lockstep::activesync {

struct Exchange {
    Door& door;
    net::Connection& connection;
    office::Actor actor;
    office::Device device;
    office::SyncPolicy policy;    ///< what the device is shown
    office::Term term;            ///< how long it may synchronise
    std::int64_t policy_mark = 0; ///< of the policy that it must have acknowledged
    std::shared_ptr<Session> session;
    std::unique_ptr<eas::Query> query; ///< none once a request waits
    wbxml::Version version = wbxml::Version::v16_1;
    std::string body;                ///< the request's bytes; views of `root` do not point into it
    std::optional<wbxml::Node> root; ///< absent for an empty body and for plain MIME
    bool multipart = false;          ///< the client takes MS-ASAcceptMultiPart answers

    [[nodiscard]] office::Office& office() const { return door.office(); }
    [[nodiscard]] bool at_least(wbxml::Version wanted) const { return version >= wanted; }
};

struct Reply {
    unsigned http = 200;
    std::string wbxml;              ///< empty: an answer without body
    std::vector<std::string> parts; ///< multipart: what follows the WBXML part
    std::optional<std::string> raw; ///< another body than WBXML (GetAttachment)
    std::string content_type = "application/vnd.ms-sync.wbxml";
    net::Headers headers;
};

/// Finishes a document; an encoder's refusal becomes Code::internal.
[[nodiscard]] Result<Reply> reply_of(wbxml::Writer& writer);

} // namespace lockstep::activesync
