-- forms.lua - what Prosody stores of an account, as entries of the simulated disk.
--
-- They have the form that core.h describes under "Storage", so that the checks and the model can read them.

local forms = {};

local base64 = require "util.encodings".base64;
local datetime = require "util.datetime";
local escape = require "util.stanza".xml_escape;
local st = require "util.stanza";
local read = require "adapter.stanzas".read;

local function sorted(set)
	local keys = {};
	for key in pairs(set) do keys[#keys + 1] = key; end
	table.sort(keys);
	return keys;
end
forms.sorted = sorted;

local function attribute(name, value)
	return value and (" %s='%s'"):format(name, escape(value)) or "";
end

-- ---- Rosters ----

local function request_text(username, host, jid, request)
	local stanza = type(request) == "table" and st.deserialize(request) or st.presence {
		type = "subscribe", from = jid, to = username.."@"..host };
	stanza.attr.xmlns = "jabber:client";
	return tostring(stanza);
end

-- An item of a roster, nil if there is only the request of the contact, which may be nil, true or preserialized.
function forms.item(username, host, jid, item, request)
	local parts = { "<item xmlns='jabber:iq:roster'", attribute("jid", jid),
		attribute("subscription", item and item.subscription or "none") };
	table.insert(parts, attribute("ask", item and item.ask));
	table.insert(parts, attribute("approved", item and item.approved and "true"));
	table.insert(parts, attribute("name", item and item.name));
	table.insert(parts, attribute("hidden", not item and "true"));
	table.insert(parts, ">");
	for _, group in ipairs(sorted(item and item.groups or {})) do
		table.insert(parts, "<group>"..escape(group).."</group>");
	end
	if request then table.insert(parts, request_text(username, host, jid, request)); end
	table.insert(parts, "</item>");
	return table.concat(parts);
end

local function read_item(roster, jid, text)
	local element = read(text);
	local groups = {};
	for group in element:childtags("group") do groups[group:get_text()] = true; end
	if element.attr.hidden ~= "true" then
		roster[jid] = { subscription = element.attr.subscription, ask = element.attr.ask, name = element.attr.name,
			approved = element.attr.approved, groups = groups };
	end
	local request = element:get_child("presence", "jabber:client");
	if request then
		request.attr.xmlns = nil;
		roster[false].pending[jid] = st.preserialize(request);
	end
end

forms.roster = {};

-- The version.  That of a roster which Prosody has not saved yet counts its items, and is 1 if there are none: that is
-- what Prosody tells then.
function forms.version(number, is_unsaved)
	return ("<query xmlns='jabber:iq:roster' ver='%d'%s/>"):format(number, attribute("unsaved", is_unsaved and "true"));
end

function forms.roster.read(entries)
	local keys = sorted(entries);
	local version = read(entries[""]).attr;
	if version.unsaved and #keys == 1 then return nil; end
	local roster = { [false] = { version = math.tointeger(tonumber(version.ver)), pending = {} } };
	for _, jid in ipairs(keys) do
		if jid ~= "" then read_item(roster, jid, entries[jid]); end
	end
	return roster;
end

function forms.roster.write(roster, username, host)
	local metadata = roster[false] or {};
	local pending = metadata.pending or {};
	local entries = { [""] = forms.version(metadata.version or 0) };
	for jid, request in pairs(pending) do entries[jid] = forms.item(username, host, jid, roster[jid], request); end
	for jid, item in pairs(roster) do
		if jid then entries[jid] = forms.item(username, host, jid, item, pending[jid]); end
	end
	return entries;
end

-- ---- Block lists ----

forms.blocklist = {};

function forms.blocked(since)
	return ("<item xmlns='urn:xmpp:blocking'%s/>"):format(type(since) == "number" and (" since='%d'"):format(since) or "");
end

function forms.blocklist.read(entries)
	local list = { [false] = {} };
	for jid, text in pairs(entries) do list[jid] = tonumber(read(text).attr.since) or true; end
	return list;
end

function forms.blocklist.write(list)
	local entries = {};
	for jid, since in pairs(list) do
		if jid then entries[jid] = forms.blocked(since); end
	end
	return entries;
end

-- ---- Accounts ----

forms.accounts = {};

function forms.accounts.read(entries) return entries; end
function forms.accounts.write(account) return account; end

-- The keys of a password (RFC 5803, 3).
function forms.secret(iterations, salt, stored_key, server_key)
	return ("%d:%s$%s:%s"):format(iterations, base64.encode(salt), base64.encode(stored_key), base64.encode(server_key));
end

function forms.read_secret(text)
	local iterations, salt, stored_key, server_key = (text or ""):match("^(%d+):([^$]*)%$([^:]*):(.*)$");
	if not iterations then return; end
	return math.tointeger(tonumber(iterations)), base64.decode(salt), base64.decode(stored_key), base64.decode(server_key);
end

-- ---- Messages: the time is that of a last <delay/> (XEP-0203) ----

function forms.message(stanza, when, host)
	local copy = st.clone(stanza);
	copy.attr.xmlns = "jabber:client";
	copy:tag("delay", { xmlns = "urn:xmpp:delay", from = host, stamp = datetime.datetime(when) }):up();
	return tostring(copy);
end

function forms.read_message(text)
	local stanza = read(text);
	local delay = table.remove(stanza.tags);
	table.remove(stanza);
	return stanza, datetime.parse(delay.attr.stamp);
end

return forms;
