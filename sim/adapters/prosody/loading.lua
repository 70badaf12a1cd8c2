-- loading.lua - what makes a mother fast: modules that are compiled before there are settings, and no garbage collection.

local loading = {};

local envload = require "util.envload";

-- Each cycle would touch, and so copy, all of the memory that processes share after a fork.  The next one comes when
-- there is so much more of it, in percent, which most servers never have.
local PAUSE = 1000;

-- What Prosody's modules may be loaded from (settings.lua), and the modules that it always loads.
local MODULES = {
	"admin_shell", "admin_socket", "auth_anonymous", "authz_internal", "blocklist", "c2s", "carbons", "csi", "csi_simple",
	"debug_reset", "disco", "iq", "lastactivity", "limits", "message", "offline", "ping", "presence", "register",
	"register_ibr", "register_limits", "roster", "saslauth", "smacks", "storage_memory", "stanza_debug", "time", "tls",
	"uptime", "user_account_management", "version", "watchregistrations",
};

local compiled = {}; -- by name and text: as string.dump has it
local load_text = envload.envload;

-- In place of util.envload.envload.
local function load_compiled(code, source, env)
	local known = compiled[source] and compiled[source][code];
	if known then return load(known, source, "b", env); end
	return load_text(code, source, env);
end

local function compile(name)
	local code, path = require "util.pluginloader".load_resource(name);
	local chunk = code and load(code, "@"..path, "t");
	if chunk then compiled["@"..path] = { [code] = string.dump(chunk) }; end
end

-- Before anything of Prosody is loaded.
function loading.begin()
	envload.envload = load_compiled;
end

-- In the nursery, once Prosody is there.
function loading.prepare()
	for _, name in ipairs(MODULES) do compile(name); end
	collectgarbage("incremental", PAUSE);
	collectgarbage();
	collectgarbage();
end

return loading;
