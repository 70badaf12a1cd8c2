-- main.lua - Debian's Prosody, unmodified, as an adapter of Rehearsal (sim/adapters/README.md).
--
-- Prosody runs its own main loop.  What lies below it comes from the simulator: the clocks and randomness (world.lua),
-- the sockets, TLS and the poll (network.lua), storage (storage.lua), passwords (auth.lua), and other servers
-- (federation.lua).

local wire = wire;
local world = require "adapter.world";

-- As /usr/bin/prosody has them, but for the folder of data, which nothing is written to.
CFG_SOURCEDIR, CFG_CONFIGDIR, CFG_DATADIR = "/usr/lib/prosody", "/", "/";
CFG_PLUGINDIR = "/usr/lib/prosody/modules/";
package.path = CFG_SOURCEDIR.."/?.lua;"..package.path:gsub("%./[^;]*;?", "");
package.cpath = CFG_SOURCEDIR.."/?.so;"..package.cpath:gsub("%./[^;]*;?", "");
arg = { [0] = "prosody", "-F" };

local loading = require "adapter.loading";
loading.begin();
local network = require "adapter.network";
local settings = require "adapter.settings";

-- What it can.  SASL EXTERNAL and the channel bindings of TLS 1.3 are not in this version; nor are accounts that are
-- disabled.
local CAPABILITIES = [[
disk
crash
shutdown
long-times
clock
federation
tls
plain
scram-sha-1
scram-sha-256
anonymous
password
offline
carbons
blocking
last-activity
sm
csi
pre-approval
rosterver:numeric
conflict
keepalive
iterations
limits:acks
limits:resume-time
limits:stanza-bytes
limits:unauthenticated-bytes
limits:login-time
limits:offline-messages
]];

-- Loaded before there are settings, so that no mother has to.
local LIBRARIES = {
	"util.sasl", "util.sasl.scram", "util.sasl.plain", "util.sasl.anonymous", "util.smqueue", "util.watchdog", "util.filters",
	"util.dataforms", "util.adhoc", "util.caps", "util.error", "util.throttle", "util.queue", "util.xml", "util.serialization",
	"util.iterators", "util.cache", "util.statistics", "util.datamapper",
};

-- ---- The nursery: Prosody up to where hosts are loaded ----

local startup = require "util.startup";
local async = require "util.async";
local config = require "core.configmanager";

local prepare, notify = startup.prepare_to_start, startup.notify_started;
startup.prepare_to_start = function () end;
startup.notify_started = function () end;
startup.sanity_check = function () end;
startup.read_config = function ()
	for name, value in pairs((settings.read(""))) do config.set("*", name, value); end
	prosody.config_file = "/prosody.cfg.lua";
	prosody.config_loaded = true;
end;

local thread = async.runner();
thread:run(startup.prosody);
prosody.main_thread = thread;
for _, name in ipairs(LIBRARIES) do require(name); end

local server = require "net.server";
local logger = require "util.logger";
local accounts = require "adapter.accounts";
local auth = require "adapter.auth";
local federation = require "adapter.federation";
local storage = require "adapter.storage";

storage.connect();
auth.connect();

local function log_error(source, _, message) io.stderr:write(source, ": ", message, "\n"); end
logger.add_simple_sink(log_error, { "error" });

-- ---- A mother: hosts and modules for one set of settings ----

local function configure(options, hosts)
	for name, value in pairs(options) do config.set("*", name, value); end
	server.set_config(options.network_settings);
	for _, host in ipairs(hosts) do
		config.set(host.name, "defined", true);
		for name, value in pairs(host.options) do config.set(host.name, name, value); end
	end
end

local function load_hosts(hosts)
	async.runner():run(prepare);
	async.runner():run(notify);
	local names = {};
	for i, host in ipairs(hosts) do
		assert(prosody.hosts[host.name], host.name.." was not loaded");
		names[i] = host.name;
	end
	federation.connect(names);
end

-- ---- A child: the server ----

local function shut_down()
	prosody.main_thread:run(function ()
		prosody.unlock_globals();
		prosody.shutdown("Rehearsal");
		prosody.lock_globals();
	end);
end

local function ready() end

local function all_handlers()
	local all = { shutdown = shut_down, ready = ready };
	for _, some in ipairs { network.handlers, accounts.handlers, federation.handlers } do
		for word, act in pairs(some) do all[word] = act; end
	end
	return all;
end

local function start(header)
	local monotonic, day = header:match("^(%d+) (%d+) start$");
	world.start(monotonic, day);
	prosody.start_time = os.time();
end

local function top_level_error(err)
	io.stderr:write("top-level error: ", tostring(err), debug.traceback("", 2), "\n");
end

-- ---- From one to the next ----

wire.put("hello fork prosody-"..prosody.version, CAPABILITIES);
loading.prepare();
local payload = wire.nursery();

local options, hosts, reason = settings.read(payload);
if options then
	configure(options, hosts);
	load_hosts(hosts);
end
local header = wire.mother();

if not options then
	wire.put("refuse", hosts.."\n"..reason);
	network.set_handlers(setmetatable({}, { __index = function () return wire.exit; end }));
	network.be_gone();
end
start(header);
network.set_handlers(all_handlers());
while select(2, xpcall(server.loop, top_level_error)) ~= "quitting" do end
network.be_gone();
