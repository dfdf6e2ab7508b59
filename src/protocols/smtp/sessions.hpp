// All sessions of a door, with what they share. Outlives the door by shared ownership.
#pragma once
#include <memory>

#include "net/session_register.hpp"
#include "net/tls.hpp"
#include "office/office.hpp"
#include "protocols/smtp/door.hpp"

namespace lockstep::smtp {

class Sessions : public net::SessionRegister {
public:
    Sessions(office::Office& office, SmtpOptionsSource options, net::TlsSource tls)
        : office_(office), options_(std::move(options)), tls_(std::move(tls)) {}

    [[nodiscard]] office::Office& office() const { return office_; }
    [[nodiscard]] SmtpOptions options() const { return options_(); }
    /// Null: no TLS.
    [[nodiscard]] std::shared_ptr<const net::TlsContext> tls() const {
        return tls_ ? tls_() : nullptr;
    }

private:
    office::Office& office_;
    const SmtpOptionsSource options_;
    const net::TlsSource tls_;
};

} // namespace lockstep::smtp
