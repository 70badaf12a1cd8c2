-- storage.lua - a storage driver of Prosody (core.storagemanager) for the simulated disk.
--
-- As with Prosody's own drivers, the server is blocked until a call returns.  A store of an account is loaded and saved
-- as a whole, but of what is saved only what has changed becomes an entry.

local network = require "adapter.network";
local world = require "adapter.world";
local forms = require "adapter.forms";

local storage = {};

local NO_VALUE = 0xFFFFFFFF;
local STORE_NAMES = { accounts = "account", roster = "roster", blocklist = "blocklist", offline = "offline" };

local last_id = 0;
local known = {}; -- what is stored, as far as it is known: by host, user and store; key -> value

-- ---- Requests ----

local function pack(entries)
	local parts = {};
	for i, entry in ipairs(entries) do
		parts[i] = entry.value and string.pack("<s4s4", entry.key, entry.value)
			or string.pack("<s4I4", entry.key, NO_VALUE);
	end
	return table.concat(parts);
end

local function unpack_entries(payload)
	local entries, at, key, value = {}, 1;
	while at <= #payload do
		key, value, at = string.unpack("<s4s4", payload, at);
		entries[key] = value;
	end
	return entries;
end

-- Blocks until storage has answered: with "ok", "none" or "failed", and what it has loaded.
local function ask(op, store, username, host, entries)
	last_id = last_id + 1;
	wire.put(("store %d %s %s %s %s"):format(last_id, op, STORE_NAMES[store], username, host), entries and pack(entries));
	wire.put("await");
	while true do
		local header, payload = wire.get();
		local monotonic, day, word, rest = header:match("^(%d+) (%d+) (%S+) ?(.*)$");
		world.set(monotonic, day);
		if word == "stop" then wire.exit(0); end
		if word == "window" then network.set_room(rest:match("^(%d+) (%d+)$")); end
		if word == "stored" then return rest:match(" (%a+)$"), unpack_entries(payload or ""); end
	end
end

-- Stores at once what exists before the first step.
function storage.put(store, username, host, key, value)
	wire.put(("put %s %s %s"):format(STORE_NAMES[store], username, host), pack { { key = key, value = value } });
end

-- ---- What is stored ----

-- A name that no account can have is not asked for.
local function can_exist(username)
	return username and username ~= "" and not username:find("[%s%c]");
end

local function place_of(self, username)
	return ("%s\n%s\n%s"):format(self.host, username, self.name);
end

-- Returns the entries, empty if there is no account; or nil and an error.
local function load(self, username)
	if not can_exist(username) then return {}; end
	local status, entries = ask("load", self.name, username, self.host);
	if status == "failed" then return nil, "the disk has failed"; end
	known[place_of(self, username)] = entries;
	return entries;
end

local function load_unknown(self, username)
	local entries = known[place_of(self, username)];
	if entries then return entries; end
	return load(self, username);
end

-- Makes the entries those that are wanted.
local function save(self, username, wanted)
	if not can_exist(username) then return nil, "there is no such account"; end
	local stored, err = load_unknown(self, username);
	if not stored then return nil, err; end
	local changes = {};
	for _, key in ipairs(forms.sorted(wanted)) do
		if stored[key] ~= wanted[key] then table.insert(changes, { key = key, value = wanted[key] }); end
	end
	for _, key in ipairs(forms.sorted(stored)) do
		if not wanted[key] then table.insert(changes, { key = key }); end
	end
	local status = ask("save", self.name, username, self.host, changes);
	if status ~= "ok" then return nil, status == "none" and "there is no such account" or "the disk has failed"; end
	known[place_of(self, username)] = wanted;
	return true;
end

-- ---- Stores with a value for each account ----

local keyval = {};
keyval.__index = keyval;

function keyval:get(username)
	local entries, err = load(self, username);
	if not entries then return nil, err; end
	if next(entries) == nil then return nil; end
	return forms[self.name].read(entries);
end

function keyval:set(username, data)
	if data == nil then return self:purge(username); end
	return save(self, username, forms[self.name].write(data, username, self.host));
end

-- Without its account nothing else of it is stored either.
function keyval:purge(username)
	if self.name ~= "accounts" then return save(self, username, {}); end
	local status = ask("remove", self.name, username, self.host);
	if status == "failed" then return nil, "the disk has failed"; end
	known = {};
	return true;
end

-- ---- Offline messages ----

local archive = {};
archive.__index = archive;

function archive:append(username, _, stanza, when)
	if not can_exist(username) then return nil, "there is no such account"; end
	local status, count = ask("count", self.name, username, self.host);
	if status ~= "ok" then return nil, "the disk has failed"; end
	local greatest, kept = next(count);
	if tonumber(kept) >= self.limit then return nil, "quota-limit"; end
	local key = ("%020d"):format((math.tointeger(tonumber(greatest)) or 0) + 1);
	local text = forms.message(stanza, when, self.host);
	if ask("save", self.name, username, self.host, { { key = key, value = text } }) ~= "ok" then
		return nil, "the disk has failed";
	end
	local stored = known[place_of(self, username)];
	if stored then stored[key] = text; end
	return key;
end

-- All messages: no module that is loaded asks for some of them.
function archive:find(username, query)
	assert(query == nil);
	local entries, err = load(self, username);
	if not entries then return nil, err; end
	local keys, i = forms.sorted(entries), 0;
	return function ()
		i = i + 1;
		if not keys[i] then return; end
		local stanza, when = forms.read_message(entries[keys[i]]);
		return keys[i], stanza, when, "";
	end;
end

function archive:delete(username, query)
	assert(query == nil);
	local entries, err = load_unknown(self, username);
	if not entries then return nil, err; end
	local count = #forms.sorted(entries);
	if count == 0 then return 0; end
	local ok, why = save(self, username, {});
	return ok and count, why;
end

-- ---- The driver ----

local TYPES = { keyval = keyval, archive = archive };

-- Gives it to a host, under the name that the configuration has for it.
local function provide(host)
	local driver = { name = "rehearsal" };
	function driver:open(store, kind) -- luacheck: ignore 212/self
		local methods = TYPES[kind or "keyval"];
		if not methods then return nil, "unsupported-store"; end
		local limit = require "core.configmanager".get(host, "storage_archive_item_limit") or 1000;
		return setmetatable({ name = store, host = host, limit = limit }, methods);
	end
	function driver:purge() return true; end -- luacheck: ignore 212/self
	prosody.hosts[host].events.fire_event("item-added/storage-provider", { item = driver });
end

-- After the storage manager knows the host, and before its modules are loaded.
function storage.connect()
	prosody.events.add_handler("host-activated", provide, 100);
end

-- What the configuration has as `storage`.  All else is in memory, and lost with the process.
function storage.option()
	local option = {};
	for store in pairs(STORE_NAMES) do option[store] = "rehearsal"; end
	return option;
end

return storage;
