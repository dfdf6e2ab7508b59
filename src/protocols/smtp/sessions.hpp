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
    Sessions(
        office::Office& office, SmtpOptionsSource options, net::TlsSource tls, office::Judge judge
    )
        : office_(office), options_(std::move(options)), tls_(std::move(tls)),
          judge_(std::move(judge)) {}

    [[nodiscard]] office::Office& office() const { return office_; }
    [[nodiscard]] SmtpOptions options() const { return options_(); }
    /// Null: no TLS.
    [[nodiscard]] std::shared_ptr<const net::TlsContext> tls() const {
        return tls_ ? tls_() : nullptr;
    }
    /// Empty: nothing is judged.
    [[nodiscard]] const office::Judge& judge() const { return judge_; }

private:
    office::Office& office_;
    const SmtpOptionsSource options_;
    const net::TlsSource tls_;
    const office::Judge judge_;
};

} // namespace lockstep::smtp
