// Spools, uploads, and ranges of stored bytes.
#include "office/bytes.hpp"

#include "base/limits.hpp"

namespace lockstep::office {

Result<> Spool::append(std::string_view piece) {
    size_ += piece.size();
    held_ += piece;
    if (held_.size() < limits::kMailPiece)
        return {};
    if (!file_) {
        TRY(auto writer, office_.files.writer());
        file_ = std::make_unique<store::BlobWriter>(std::move(writer));
    }
    CHECK_OK(file_->append(held_));
    held_.clear();
    return {};
}

Result<store::Blob> Spool::finish() {
    if (!file_)
        return store::make_blob(office_.files, std::move(held_));
    CHECK_OK(file_->append(held_));
    TRY(auto pin, file_->finish());
    store::Blob blob;
    blob.hash = pin.hash();
    blob.size = pin.size();
    blob.pin = std::make_shared<const store::Pin>(std::move(pin));
    return blob;
}

Task<Result<store::Upload>>
keep_upload(Office& office, const Owner& owner, std::shared_ptr<Spool> spool, std::string type) {
    if (owner.best_right() < model::Right::add)
        co_return fail(Code::forbidden, "nothing may be added to this account");
    std::function<Result<store::Blob>()> finish = [spool] { return spool->finish(); };
    auto made = co_await office.workers.run<store::Blob>(std::move(finish));
    CO_TRY(const auto blob, std::move(made));
    const auto expires =
        office.clock.now_us() + std::chrono::microseconds(limits::kJmapUploadLife).count();
    std::function<Result<store::Upload>(store::Txn&)> work = [=, account = owner.id](store::Txn& txn
                                                             ) -> Result<store::Upload> {
        return store::add_upload(txn, account, blob, type, expires);
    };
    co_return co_await office.db.write<store::Upload>(owner.id, std::move(work));
}

Task<Result<Span>> find_upload(Office& office, const Owner& owner, std::int64_t id) {
    std::function<Result<Span>(store::Snapshot&)> work =
        [id, account = owner.id](store::Snapshot& snapshot) -> Result<Span> {
        auto upload = store::find_upload(snapshot, account, id);
        if (!upload)
            return fail(Code::not_found, "no such upload");
        return Span{
            std::move(upload->blob), 0, static_cast<std::uint64_t>(upload->size),
            std::move(upload->type)
        };
    };
    co_return co_await office.db.read<Span>(owner.id, std::move(work));
}

Task<Result<model::Item>>
find_readable(Office& office, const Actor& actor, const Owner& owner, model::ItemId id) {
    std::function<Result<model::Item>(store::Snapshot&)> work =
        [id, account = owner.id](store::Snapshot& snapshot) -> Result<model::Item> {
        auto item = store::find_item(snapshot, account, id);
        if (!item)
            return fail(Code::not_found, "no such item");
        return std::move(*item);
    };
    CO_TRY(auto item, co_await office.db.read<model::Item>(owner.id, std::move(work)));
    const auto folder =
        co_await open_folder(office, actor, owner.id, item.collection, model::Right::read);
    if (!folder)
        co_return fail(Code::not_found, "no such item");
    co_return item;
}

Task<Result<std::string>> read_span(
    Office& office, const Owner& owner, Span span, std::uint64_t offset, std::uint64_t length
) {
    if (offset >= span.length)
        co_return std::string();
    const auto wanted = std::min(length, span.length - offset);
    std::function<Result<std::string>(store::Snapshot&)> work =
        [=, &files = office.files, account = owner.id,
         span = std::move(span)](store::Snapshot& snapshot) -> Result<std::string> {
        return store::read_blob(snapshot, files, account, span.blob, span.offset + offset, wanted);
    };
    co_return co_await office.db.read<std::string>(owner.id, std::move(work));
}

} // namespace lockstep::office
