#pragma once

#include "server/access/sign_in.hpp"
#include "server/accounts/lives.hpp"
#include "server/accounts/records.hpp"
#include "server/accounts/secrets.hpp"
#include "server/config/settings.hpp"
#include "server/sealing/cipher.hpp"
#include "storage/rocksdb/rocks_record_store.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mosty::accounts {

// The records of DIR/credentials, typed. A record that cannot be read counts as none; a store that cannot be
// read throws, and nobody is let in.
//
// Threads: who changes records, one at a time; the rest from any.
class Credentials {
public:
    // Opens the folder under `key`, or makes it, for its owner alone. One that an earlier version left in the
    // clear is encrypted first. The caller holds the lock of `data`.
    static Result<std::unique_ptr<Credentials>, std::string>
    open(const std::filesystem::path& data, const sealing::Key& key, const AccountSettings& settings);

    const Vault& vault() const { return vault_; }

    // Whom a browser's cookie or a script's token stands for; nothing when it was not issued here, has been
    // ended or has run out. Asking for a session is using it.
    std::optional<access::SignIn> session(std::string_view cookie, std::int64_t now_ms) const;
    std::optional<access::SignIn> token(std::string_view token, std::int64_t now_ms) const;

    // How the session or token that was named so has ended; nothing while it is good. Of one that is not
    // known: session_over.
    std::optional<access::Ending> ending(const std::string& key, std::int64_t now_ms) const;
    // The same of the session that a cookie stands for; nothing, too, of one that was never issued here or
    // ended so long ago that it is forgotten.
    std::optional<access::Ending> ending_of_cookie(std::string_view cookie, std::int64_t now_ms) const;

    std::optional<Account> account(const ActorId& actor) const;
    std::optional<Account> account_by_email(std::string_view email) const;

    template <class Record>
    using Keyed = std::vector<std::pair<std::string, Record>>;
    Keyed<Session> sessions() const;
    Keyed<Session> sessions_of(const ActorId& actor) const;
    Keyed<Token> tokens() const;
    Keyed<Token> tokens_of(const ActorId& actor) const;
    Keyed<Invitation> invitations() const;
    std::optional<Invitation> invitation(std::string_view secret, std::int64_t now_ms) const;

    // Whom a provider's identity stands for; nothing when for nobody.
    std::optional<Identity> identity(const std::string& identity_key) const;
    Keyed<Identity> identities_of(const ActorId& actor) const;
    // The key of the record of whom the issuer knows by this subject; nobody else's.
    std::string identity_key(std::string_view issuer, std::string_view subject) const;
    void put(const std::string& identity_key, const Identity& identity);

    // Writes an account; `before`: as it was, whose address may be another.
    void put(const Account& account, const std::optional<Account>& before);
    // The cookie's value of a new session; the token's of a new token; the secret of an invitation's link,
    // which takes the place of those that the person had.
    std::string add(const Session& session);
    std::string add(const Token& token);
    std::string add(const Invitation& invitation);

    // The invitation is taken up: it is gone and the account is there, or neither. False when it was gone
    // already, or the address is somebody else's.
    bool take_up(const std::string& invitation_key, const Account& account);
    // The same with an identity instead of an account. False when the identity is somebody else's.
    bool take_up(const std::string& invitation_key, const std::string& identity_key,
                 const Identity& identity);

    // Writes down when sessions were last used, of those for which that was written more than a minute ago:
    // so much may be forgotten by whoever is killed.
    void keep_uses();

    // Takes records away; those that are gone already are passed over. How a session ended is remembered for
    // as long as a session may last, of a person fifty and of all together twenty thousand.
    void end(const std::vector<std::string>& keys, access::Ending ending, std::int64_t now_ms);
    // Takes everything away by which somebody signs in, who is signed out with that, and answers the keys of
    // the sessions and tokens.
    std::vector<std::string> remove_all_of(const ActorId& actor, std::int64_t now_ms);
    void remove_invitation(const std::string& key);
    void remove_identities(const std::vector<std::string>& keys);
    void remove_invitations_of(const ActorId& person);

    // The keys of sessions and tokens that have run out.
    std::vector<std::string> run_out(std::int64_t now_ms) const;

    // Forgets ended sessions for which it is time, and those beyond their number.
    void forget_ended(std::int64_t now_ms);

    static std::string invitation_key(std::string_view secret);

private:
    Credentials(std::unique_ptr<storage::RocksRecordStore> store, Vault vault,
                const AccountSettings& settings)
        : store_(std::move(store)), vault_(std::move(vault)), settings_(settings) {}

    std::optional<std::string> get(const std::string& key) const;
    void write(const std::vector<storage::RecordChange>& changes);
    void remove(const std::vector<std::string>& keys);
    std::optional<EndedSession> ended_session(const std::string& key) const;
    void hide_addresses();
    void forget_removed();
    std::string email_key(std::string_view email) const;
    void note_end(const std::string& key, access::Ending ending, std::int64_t now_ms,
                  std::vector<storage::RecordChange>& changes) const;
    std::shared_ptr<access::Life> life_of(const std::string& key, const Session& session) const;
    void forget_lives(const std::vector<std::string>& keys);

    const std::unique_ptr<storage::RocksRecordStore> store_;
    const Vault vault_;
    const AccountSettings settings_;
    mutable Lives lives_; // when sessions were last used, which the records know late
};

} // namespace mosty::accounts
