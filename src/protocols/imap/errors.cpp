// Exhaustively: a new code breaks the build here.
#include "protocols/imap/errors.hpp"

namespace lockstep::imap {

StatusReply reply_to(Code code) {
    switch (code) {
    case Code::bad_syntax:
        return {"BAD", "", "syntax error"};
    case Code::bad_value:
        return {"NO", "CANNOT", "this value is not possible"};
    case Code::not_found:
        return {"NO", "NONEXISTENT", "no such mailbox"};
    case Code::forbidden:
        return {"NO", "NOPERM", "not permitted"};
    case Code::exists:
        return {"NO", "ALREADYEXISTS", "it exists already"};
    case Code::conflict:
        return {"NO", "INUSE", "it is in use or was changed meanwhile"};
    case Code::stale:
        return {"NO", "EXPUNGEISSUED", "it was changed meanwhile"};
    case Code::too_large:
        return {"NO", "LIMIT", "over a limit of this server"};
    case Code::over_quota:
        return {"NO", "OVERQUOTA", "the mailbox is full"};
    case Code::unauthorized:
        return {"NO", "AUTHENTICATIONFAILED", "wrong name or password"};
    case Code::throttled:
        return {"NO", "UNAVAILABLE", "too many attempts: please try again later"};
    case Code::unavailable:
    case Code::timeout:
        return {"NO", "UNAVAILABLE", "temporary failure: please try again later"};
    case Code::closed:
        return {"NO", "UNAVAILABLE", "closing"};
    case Code::unsupported:
        return {"NO", "CANNOT", "not offered here"};
    case Code::corrupt:
        return {"NO", "CORRUPTION", "stored data is damaged: please tell the administrator"};
    case Code::internal:
        return {"NO", "SERVERBUG", "internal error"};
    }
    return {"NO", "SERVERBUG", "internal error"};
}

} // namespace lockstep::imap
