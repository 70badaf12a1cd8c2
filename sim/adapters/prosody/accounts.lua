-- accounts.lua - what exists before the first step: accounts, rosters and block lists, on the simulated disk.

local accounts = {};

local auth = require "adapter.auth";
local forms = require "adapter.forms";
local put = require "adapter.storage".put;

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

local function add_account(payload)
	local account = fields_of(payload);
	if prosody.hosts[account.host].modules.auth_anonymous then return "more"; end
	local keys = auth.hash(account.host, account.password or "", account.username) or { ["no password"] = "" };
	for _, key in ipairs(forms.sorted(keys)) do put("accounts", account.username, account.host, key, keys[key]); end
	put("roster", account.username, account.host, "", forms.version(1, true));
	return "more";
end

local contacts = {}; -- how many each account has

-- An item that is only `pending` is no item in Prosody: the request alone is kept.
local function is_item(contact)
	return contact.subscription ~= "none" or contact.ask or contact.approved or contact.name or next(contact.group)
		or not contact.pending;
end

local function add_contact(payload)
	local contact = fields_of(payload);
	local item = is_item(contact) and {
		subscription = contact.subscription;
		ask = contact.ask and "subscribe" or nil;
		approved = contact.approved;
		name = contact.name;
		groups = contact.group;
	} or nil;
	local owner = contact.username.."@"..contact.host;
	contacts[owner] = (contacts[owner] or 0) + 1;
	put("roster", contact.username, contact.host, "", forms.version(contacts[owner], true));
	put("roster", contact.username, contact.host, contact.jid,
		forms.item(contact.username, contact.host, contact.jid, item, contact.pending and true));
	return "more";
end

local function add_blocked(payload)
	local blocked = fields_of(payload);
	put("blocklist", blocked.username, blocked.host, blocked.jid, forms.blocked(os.time()));
	return "more";
end

accounts.handlers = { account = add_account, contact = add_contact, blocked = add_blocked };

return accounts;
