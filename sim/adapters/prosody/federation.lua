-- federation.lua - stanzas to and from other servers: the simulator takes the place of mod_s2s.

local federation = {};

local async = require "util.async";
local host_of = require "util.jid".host;
local logger = require "util.logger";
local read = require "adapter.stanzas".read;
local st = require "util.stanza";

local function route(from_host, to_host, stanza)
	local copy = st.clone(stanza);
	copy.attr.xmlns = "jabber:client";
	wire.put(("route %s %s"):format(from_host, to_host), tostring(copy));
end

-- Handles the event "route/remote", as mod_s2s does.  A domain with a blank has no address for the simulator, and none
-- in DNS.
local function route_out(event)
	if not event.to_host or not prosody.hosts[event.from_host] then return false; end
	if event.to_host:find("[%s%c]") then
		local kind = event.stanza.attr.type;
		if kind ~= "error" and kind ~= "result" then
			prosody.core_route_stanza(prosody.hosts[event.from_host],
				st.error_reply(event.stanza, "cancel", "remote-server-not-found"));
		end
		return true;
	end
	route(event.from_host, event.to_host, event.stanza);
	return true;
end

-- Parses one stanza, and passes it to a function in a thread of its own, as that of a session is.  Bytes that are not
-- exactly one would end the stream, and are dropped.
local function with_stanza(payload, act)
	local stanza = read(payload);
	if stanza then async.runner(act):run(stanza); end
end

local function incoming_session(from_host, to_host)
	local function send(stanza)
		route(host_of(stanza.attr.from) or to_host, host_of(stanza.attr.to) or from_host, stanza);
		return true;
	end
	return {
		type = "s2sin", direction = "incoming", from_host = from_host, to_host = to_host, secure = true,
		hosts = { [from_host] = { authed = true } },
		log = logger.init("s2sin"),
		send = send, sends2s = send,
		close = function () end;
	};
end

-- As mod_s2s, which lets nobody in as a host that is served here.
local function arrived(payload, from_host)
	if prosody.hosts[from_host] then return; end
	with_stanza(payload, function (stanza)
		prosody.core_process_stanza(incoming_session(from_host, host_of(stanza.attr.to)), stanza);
	end);
end

-- As bounce_sendq of mod_s2s does.
local function unroutable(payload, why)
	local kind = why == "timeout" and "wait" or "cancel";
	local condition = why == "timeout" and "remote-server-timeout" or "remote-server-not-found";
	with_stanza(payload, function (stanza)
		if stanza.attr.type == "error" or stanza.attr.type == "result" then return; end
		local session = incoming_session(host_of(stanza.attr.to), host_of(stanza.attr.from));
		session.dummy = true;
		session.send = function () end;
		session.sends2s = session.send;
		prosody.core_process_stanza(session, st.error_reply(stanza, kind, condition));
	end);
end

-- Takes what the hosts route to other servers.
function federation.connect(names)
	for _, name in ipairs(names) do
		prosody.hosts[name].events.add_handler("route/remote", route_out, 1000);
	end
end

federation.handlers = { arrived = arrived, unroutable = unroutable };

return federation;
