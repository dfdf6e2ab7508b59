// View: a selected mailbox as its session sees it: which message has which number.
// Spec: RFC 9051 2.3.1.2, 7.5.1 (when numbers may change); RFC 7162. Hardening I8, I9.
// Invariants: numbers change only in forget_gone() and add(); a message that is gone keeps its
// number until then. Memory: four bytes a message.
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "codec/imap/sequence.hpp"
#include "office/mail_view.hpp"
#include "office/search.hpp"

namespace lockstep::imap {

/// A search whose result is kept up to date (RFC 5267).
struct SearchContext {
    std::string tag;
    bool by_uid = false;
    office::Condition condition;
    std::vector<std::uint32_t> members; ///< uids, ascending
};

class View {
public:
    View(office::Folder folder, const office::FolderImage& image, bool read_only)
        : folder_(std::move(folder)), uids_(image.uids), cursor_(image.now), read_only_(read_only) {
    }

    [[nodiscard]] const office::Folder& folder() const { return folder_; }
    [[nodiscard]] bool read_only() const { return read_only_; }
    [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(uids_.size()); }
    [[nodiscard]] std::uint32_t largest() const { return uids_.empty() ? 0 : uids_.back(); }
    [[nodiscard]] const std::vector<std::uint32_t>& uids() const { return uids_; }
    /// Its number; 0 when the session does not know it.
    [[nodiscard]] std::uint32_t number_of(std::uint32_t uid) const;
    /// The uids of a set of uids or numbers, ascending. Error: bad_syntax (a number beyond the
    /// last).
    [[nodiscard]] Result<std::vector<std::uint32_t>>
    find(const SequenceSet& set, bool by_uid) const;

    [[nodiscard]] model::ChangeSeq cursor() const { return cursor_; }
    void set_cursor(model::ChangeSeq cursor) { cursor_ = cursor; }
    /// Notes messages that are gone; those that the session does not know are passed over.
    void note_gone(const std::vector<std::uint32_t>& uids);
    /// The same, given all that are there.
    void note_present(const std::vector<std::uint32_t>& uids);
    [[nodiscard]] bool has_gone() const { return !gone_.empty(); }
    [[nodiscard]] const std::vector<std::uint32_t>& gone() const { return gone_; }
    /// Gives the gone ones up: their numbers, each as it is when those before were given up, and
    /// uids, both ascending by uid.
    struct Gone {
        std::vector<std::uint32_t> numbers;
        std::vector<std::uint32_t> uids;
    };
    [[nodiscard]] Gone forget_gone();
    /// A message that came.
    void add(std::uint32_t uid) { uids_.push_back(uid); }

    /// This session has told its client this state of the message already.
    void told(std::uint32_t uid, model::ChangeSeq modseq) { told_[uid] = modseq.value; }
    [[nodiscard]] bool was_told(std::uint32_t uid, model::ChangeSeq modseq) const;
    void forget_told() { told_.clear(); }

    /// The result that SEARCH saved ("$").
    [[nodiscard]] const std::vector<std::uint32_t>& saved() const { return saved_; }
    void save(std::vector<std::uint32_t> uids) { saved_ = std::move(uids); }
    /// Notes a keyword; true when the client had not heard of it.
    [[nodiscard]] bool learn_keyword(std::string_view name) {
        return keywords_.emplace(name).second;
    }
    [[nodiscard]] const std::set<std::string, std::less<>>& keywords() const { return keywords_; }
    /// Results that are kept up to date; at most limits::kImapContexts.
    [[nodiscard]] std::vector<SearchContext>& contexts() { return contexts_; }

private:
    office::Folder folder_;
    std::vector<std::uint32_t> uids_;  ///< ascending
    std::vector<std::uint32_t> gone_;  ///< ascending, all in uids_
    std::vector<std::uint32_t> saved_; ///< ascending
    std::map<std::uint32_t, std::int64_t> told_;
    std::vector<SearchContext> contexts_;
    std::set<std::string, std::less<>> keywords_; ///< told of
    model::ChangeSeq cursor_;
    bool read_only_ = false;
};

} // namespace lockstep::imap
