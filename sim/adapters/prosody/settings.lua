-- settings.lua - Prosody's configuration, made of the settings of a scenario.
--
-- A setting that Prosody cannot have, or not with this value, is refused.  Where a scenario sets nothing, Prosody's own
-- defaults are the usual values (session limits, smacks, timeouts), and what differs is set here: no TLS, PLAIN on any
-- stream, and all features.

local storage = require "adapter.storage";

local settings = {};

local SECOND = 1000000000;
local FOREVER = 1000000000; -- seconds

-- What Prosody always has.  A few of the modules have settings of their own.
local function basis()
	return {
		modules_enabled = { "roster", "saslauth", "disco", "ping", "time", "version", "uptime", "register" };
		modules_disabled = { "posix", "s2s", "s2s_auth_certs" };
		authentication = "null"; -- auth.lua
		default_iteration_count = 4096;
		salt_bytes = 16;
		storage = storage.option();
		default_storage = "memory";
		allow_unencrypted_plain_auth = true;
		c2s_require_encryption = false;
		smacks_enabled_s2s = false;
		hide_os_type = true;
		log = {};
		interfaces = { "127.0.0.1" };
		c2s_direct_tls_ports = {};
		network_backend = "epoll";
		network_settings = { min_wait = 0 }; -- timers are not late
	};
end

local function refuse(reason) error({ reason = reason }, 0); end

local function words_of(value)
	local set = {};
	for word in value:gmatch("[^,]+") do set[word] = true; end
	return set;
end

local function number_of(value) return math.tointeger(tonumber(value)); end

local function seconds_of(value)
	local seconds = tonumber(value) / SECOND;
	return math.tointeger(seconds) or seconds;
end

local function at_least(least)
	return function (value)
		if number_of(value) < least then refuse(("the least that Prosody can have is %d"):format(least)); end
		return number_of(value);
	end;
end

local function setter(name, convert)
	return function (config, value) config[name] = convert(value); end;
end

-- Mechanisms that no scenario knows are never offered.
local function set_mechanisms(config, wanted)
	local off = { "DIGEST-MD5", "OAUTHBEARER" };
	for _, name in ipairs { "SCRAM-SHA-224", "SCRAM-SHA-384", "SCRAM-SHA-512" } do
		off[#off + 1] = name;
		off[#off + 1] = name.."-PLUS";
	end
	for _, name in ipairs { "EXTERNAL", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN" } do
		if wanted and not wanted[name] then off[#off + 1] = name; end
	end
	config.disable_sasl_mechanisms = off;
end

local modules_of = {
	carbons = { "carbons" };
	blocking = { "blocklist" };
	["last activity"] = { "lastactivity" };
	["stream management"] = { "smacks" };
	["client state"] = { "csi", "csi_simple" };
	tls = { "tls" };
};

local setters = {
	conflict = setter("conflict_resolve", function (value) return value; end);
	["plain without tls"] = setter("allow_unencrypted_plain_auth", function (value) return value == "yes"; end);
	["stanza bytes"] = setter("c2s_stanza_size_limit", at_least(10000));
	["unauthenticated bytes"] = setter("c2s_unauthed_stanza_size_limit", at_least(1000));
	iterations = setter("default_iteration_count", number_of);
	["salt bytes"] = setter("salt_bytes", number_of);
	["offline messages"] = setter("storage_archive_item_limit", at_least(1));
	["ack after"] = setter("smacks_max_unacked_stanzas", number_of);
	["ack after while inactive"] = setter("smacks_max_inactive_unacked_stanzas", number_of);
	["login time"] = setter("c2s_timeout", function (value)
		return value == "0" and FOREVER or seconds_of(value);
	end);
	["resume time"] = setter("smacks_hibernation_time", function (value)
		if value == "0" then refuse("with smacks Prosody always lets sessions be resumed"); end
		return seconds_of(value);
	end);
	mechanisms = function (config, value) set_mechanisms(config, words_of(value)); end;
	["idle time"] = function (config, value)
		config.network_settings.read_timeout = value == "0" and FOREVER or seconds_of(value);
	end;
	keepalive = function (config, value)
		if value == "none" then config.network_settings.read_timeout = FOREVER; end
		if value == "ping" then refuse("Prosody sends white space, and an <r/> where there is stream management"); end
	end;
	tls = function (config, value) config.c2s_require_encryption = value == "required"; end;
	features = function () end; -- see add_modules
	["stream management"] = function () end;
	["client state"] = function () end;
};

local function add_modules(config, lines)
	local has = lines.features and words_of(lines.features)
		or { offline = true, carbons = true, blocking = true, ["last activity"] = true };
	has["stream management"] = lines["stream management"] ~= "no" and lines["stream management"] ~= "off";
	has["client state"] = lines["client state"] ~= "no" and lines["client state"] ~= "off";
	has.tls = lines.tls ~= nil and lines.tls ~= "none";
	for _, feature in ipairs { "tls", "carbons", "blocking", "last activity", "stream management", "client state" } do
		for _, name in ipairs(has[feature] and modules_of[feature] or {}) do
			table.insert(config.modules_enabled, name);
		end
	end
	if not has.offline then table.insert(config.modules_disabled, "offline"); end
end

local function anonymous_host()
	return { authentication = "anonymous", disable_sasl_mechanisms = {}, allow_anonymous_s2s = true, storage = "memory" };
end

-- Reads the payload of `start`.  Returns the global options, and hosts with options of their own in their order; or
-- nil, the setting that is refused, and the reason.
function settings.read(payload)
	local config, hosts, lines, names = basis(), {}, {}, {};
	set_mechanisms(config);
	for name, value in payload:gmatch("([^\t\n]*)\t([^\n]*)\n") do
		if name == "host" then
			table.insert(hosts, { name = value, options = {} });
		elseif name == "anonymous" then
			table.insert(hosts, { name = value, options = anonymous_host() });
		else
			lines[name] = value;
			table.insert(names, name);
		end
	end
	for _, name in ipairs(names) do
		if not setters[name] then return nil, name, "Prosody does not have this setting"; end
		local ok, err = pcall(setters[name], config, lines[name]);
		if not ok then return nil, name, err.reason or err; end
	end
	add_modules(config, lines);
	return config, hosts;
end

return settings;
