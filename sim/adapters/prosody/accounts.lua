-- accounts.lua - what exists before the first step: accounts, rosters and block lists, in Prosody's own stores.

local accounts = {};

local storagemanager = require "core.storagemanager";
local st = require "util.stanza";

local function fields_of(payload)
	local fields = { group = {} };
	for name, value in payload:gmatch("([^\t\n]*)\t([^\n]*)\n") do
		if name == "group" then
			fields.group[value] = true;
		else
			fields[name] = value;
		end
	end
	return fields;
end

local function change(host, store, username, act)
	local keyval = storagemanager.open(host, store);
	local data = keyval:get(username) or {};
	act(data);
	assert(keyval:set(username, data));
end

local function add_account(payload)
	local account = fields_of(payload);
	if prosody.hosts[account.host].modules.auth_anonymous then return "more"; end
	assert(storagemanager.open(account.host, "accounts"):set(account.username, { password = account.password or "" }));
	return "more";
end

-- An item that is only `pending` is no item in Prosody: the request alone is kept.
local function is_item(contact)
	return contact.subscription ~= "none" or contact.ask or contact.approved or contact.name or next(contact.group)
		or not contact.pending;
end

local function add_contact(payload)
	local contact = fields_of(payload);
	change(contact.host, "roster", contact.username, function (roster)
		local metadata = roster[false] or { version = 0, pending = {} };
		metadata.version = metadata.version + 1;
		roster[false] = metadata;
		if is_item(contact) then
			roster[contact.jid] = {
				subscription = contact.subscription;
				ask = contact.ask and "subscribe" or nil;
				approved = contact.approved and "true" or nil;
				name = contact.name;
				groups = contact.group;
			};
		end
		if contact.pending then
			local to = contact.username.."@"..contact.host;
			metadata.pending[contact.jid] = st.preserialize(st.presence { type = "subscribe", from = contact.jid, to = to });
		end
	end);
	return "more";
end

local function add_blocked(payload)
	local blocked = fields_of(payload);
	change(blocked.host, "blocklist", blocked.username, function (list)
		list[false] = list[false] or { created = os.time() };
		list[blocked.jid] = os.time();
	end);
	return "more";
end

accounts.handlers = { account = add_account, contact = add_contact, blocked = add_blocked };

return accounts;
