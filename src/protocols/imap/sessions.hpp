// All sessions of a door, with what they share. Outlives the door by shared ownership.
#pragma once
#include <memory>

#include "net/session_register.hpp"
#include "net/tls.hpp"
#include "office/mail_actions.hpp"
#include "office/office.hpp"
#include "protocols/imap/door.hpp"

namespace lockstep::imap {

class Sessions : public net::SessionRegister {
public:
    Sessions(office::Office& office, ImapOptionsSource options, net::TlsSource tls)
        : office_(office), options_(std::move(options)), tls_(std::move(tls)) {}

    [[nodiscard]] office::Office& office() const { return office_; }
    [[nodiscard]] ImapOptions options() const { return options_(); }
    /// Null: no TLS.
    [[nodiscard]] std::shared_ptr<const net::TlsContext> tls() const {
        return tls_ ? tls_() : nullptr;
    }
    [[nodiscard]] const std::shared_ptr<office::RecentCopies>& recent() const { return recent_; }

private:
    office::Office& office_;
    const ImapOptionsSource options_;
    const net::TlsSource tls_;
    const std::shared_ptr<office::RecentCopies> recent_ = std::make_shared<office::RecentCopies>();
};

} // namespace lockstep::imap
