// Letters: parse once, make the blob once.
#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/mime/header.hpp"
#include "office/delivery_spool.hpp"

namespace lockstep::office {

Result<SharedLetter> make_letter_here(store::BlobFiles& files, std::string bytes) {
    auto letter = std::make_shared<Letter>();
    letter->digest = mime::make_digest(bytes);
    letter->packed_digest = mime::encode(letter->digest);
    letter->meeting = read_meeting_mail(bytes, letter->digest);
    // Only what came from outside was given a Return-Path by us.
    letter->inside = !istarts_with(bytes, "Return-Path:");
    letter->judged = judged_of(bytes);
    letter->header = bytes.substr(0, std::min(mime::header_length(bytes), limits::kMailPiece));
    TRY(letter->blob, store::make_blob(files, std::move(bytes)));
    return letter;
}

Task<Result<SharedLetter>> make_letter(Office& office, std::string bytes) {
    if (bytes.size() < store::kInlineBlob)
        co_return make_letter_here(office.files, std::move(bytes));
    // In one step on a worker: the file is synced there, so the parsing costs no extra turn.
    const auto shared = std::make_shared<std::string>(std::move(bytes));
    std::function<Result<SharedLetter>()> work = [&files = office.files, shared] {
        return make_letter_here(files, std::move(*shared));
    };
    auto letter = co_await office.workers.run<SharedLetter>(std::move(work));
    co_return letter;
}

} // namespace lockstep::office
