-- auth.lua - Prosody's passwords: an authentication provider like mod_auth_internal_hashed.
--
-- That one keeps the keys of one SCRAM mechanism; this one keeps those of both, in the form of core.h, and with the
-- iterations and salts that the scenario sets.

local auth = {};

local config = require "core.configmanager";
local forms = require "adapter.forms";
local hashes = require "util.hashes";
local random = require "util.random";
local saslprep = require "util.encodings".stringprep.saslprep;
local scram = require "util.sasl.scram";
local storagemanager = require "core.storagemanager";

-- The name by which the configuration has it: for this one Prosody loads no module.
auth.NAME = "null";

local KEYS_OF = {
	["SCRAM-SHA-1"] = scram.get_hash(hashes.sha1, hashes.hmac_sha1, hashes.pbkdf2_hmac_sha1);
	["SCRAM-SHA-256"] = scram.get_hash(hashes.sha256, hashes.hmac_sha256, hashes.pbkdf2_hmac_sha256);
};

-- What is stored of a password, by mechanism; nil if no client could send it.
function auth.hash(host, password, salt)
	local iterations = config.get(host, "default_iteration_count");
	local stored = {};
	for mechanism, keys_of in pairs(KEYS_OF) do
		local ok, stored_key, server_key = keys_of(password, salt, iterations);
		if not ok then return nil, stored_key; end
		stored[mechanism] = forms.secret(iterations, salt, stored_key, server_key);
	end
	return stored;
end

local function new_provider(host)
	local provider = { name = auth.NAME };
	local accounts = storagemanager.open(host, "accounts");

	local function keys_of(username, mechanism)
		local account, err = accounts:get(username);
		if not account then return nil, err; end
		return forms.read_secret(account[mechanism]);
	end

	local function profile_of(mechanism)
		return function (_, username)
			local iterations, salt, stored_key, server_key = keys_of(username, mechanism);
			if not iterations then return; end
			return stored_key, server_key, iterations, salt, true;
		end;
	end

	function provider.test_password(username, password)
		local iterations, salt, stored_key = keys_of(username, "SCRAM-SHA-256");
		password = saslprep(password);
		if not iterations or not password then return nil, "Auth failed."; end
		local ok, key = KEYS_OF["SCRAM-SHA-256"](password, salt, iterations);
		if ok and hashes.equals(key, stored_key) then return true; end
		return nil, "Auth failed.";
	end

	function provider.set_password(username, password)
		local account, err = accounts:get(username);
		if not account then return nil, err or "Account not available."; end
		local stored, why = auth.hash(host, password, random.bytes(config.get(host, "salt_bytes")));
		if not stored then return nil, why; end
		return accounts:set(username, stored);
	end

	function provider.user_exists(username)
		return accounts:get(username) ~= nil;
	end

	function provider.delete_user(username)
		return accounts:set(username, nil);
	end

	function provider.get_sasl_handler()
		return require "util.sasl".new(host, {
			plain_test = function (_, username, password) return provider.test_password(username, password), true; end;
			scram_sha_1 = profile_of("SCRAM-SHA-1");
			scram_sha_256 = profile_of("SCRAM-SHA-256");
		});
	end

	return provider;
end

-- Gives it to each host, after the user manager knows that, and before its modules are loaded.
function auth.connect()
	prosody.events.add_handler("host-activated", function (host)
		if config.get(host, "authentication") ~= auth.NAME then return; end
		prosody.hosts[host].events.fire_event("item-added/auth-provider", { item = new_provider(host) });
	end, 99);
end

return auth;
