-- network.lua - the simulator's connections, as the sockets, the TLS and the poll that Prosody's main loop uses.
--
-- The main loop is Prosody's own (net.server_epoll): back-pressure, timeouts and the order of writes are its code.
-- `poll:wait` with time to wait is where a turn ends.

local world = require "adapter.world";

local network = {};

local MOST_POLLS = 200000; -- in one turn: more is a loop that never ends

-- ---- Sockets ----

local socket_methods = {};
socket_methods.__index = socket_methods;

local sockets = {};  -- by file descriptor
local by_link = {};  -- the same by the simulator's number, as a string
local last_fd = 10;
local listener;      -- where clients connect; nil until ports are open

local function new_socket()
	last_fd = last_fd + 1;
	local s = setmetatable({ fd = last_fd, received = "", accepts = {}, has_room = true, room = 0 }, socket_methods);
	sockets[s.fd] = s;
	return s;
end

function socket_methods:getfd() return self.is_closed and -1 or self.fd; end
function socket_methods:settimeout() return true; end
function socket_methods:setoption() return true; end
function socket_methods:dirty() return false; end
function socket_methods:getpeername() return "127.0.0.1", 40000; end
function socket_methods:getsockname() return "127.0.0.1", 5222; end
function socket_methods:shutdown() return true; end

function socket_methods:accept()
	local s = table.remove(self.accepts, 1);
	if not s then return nil, "timeout"; end
	return s;
end

function socket_methods:receive(count)
	local data = self.received:sub(1, count);
	self.received = self.received:sub(count + 1);
	if #data == count then return data; end
	if self.is_ended then return nil, "closed", data; end
	return nil, "timeout", data;
end

-- What a piece takes of the room, where it is encrypted.
local function cost_of(length) return length + (length + 16383) // 16384 * 32; end

-- Within the room that is known to be there no answer is needed.
function socket_methods:send(data)
	if data == "" then return 0; end
	if self.is_ended or self.is_closed then return nil, "closed", 0; end
	if self.has_room and cost_of(#data) <= self.room then
		self.room = self.room - cost_of(#data);
		wire.put("send "..self.link, data);
		return #data;
	end
	wire.put("offer "..self.link, data);
	local took, room = wire.get():match(" took (%d+) (%d+)$");
	took, self.room = math.tointeger(tonumber(took)), math.tointeger(tonumber(room));
	if took == #data then return took; end
	self.has_room = false;
	return nil, "timeout", took;
end

function socket_methods:close()
	if self.is_closed then return; end
	self.is_closed = true;
	sockets[self.fd] = nil;
	if self.link then
		by_link[self.link] = nil;
		if not self.is_ended then wire.put("close "..self.link); end
	end
end

-- ---- TLS: the simulator has the server's end of the channel ----

local tls_methods = setmetatable({}, { __index = socket_methods });
tls_methods.__index = tls_methods;

function tls_methods:dohandshake()
	if self.is_ended then return nil, "closed"; end
	if not self.is_secured then return nil, "wantread"; end
	self.finishes = nil;
	return true;
end

-- As OpenSSL has it for the newest version; so there is no tls-unique (RFC 9266, 1), as with a real one.
function tls_methods:info()
	return { protocol = "TLSv1.3", cipher = "TLS_AES_256_GCM_SHA384" };
end

function tls_methods:receive(count)
	local data, err, partial = socket_methods.receive(self, count);
	if err == "timeout" and partial == "" then err = "wantread"; end
	return data, err, partial;
end

local function wrap(s)
	wire.put("tls "..s.link);
	s.received = ""; -- what a client sent before the handshake is no part of it (RFC 6120, 5.4.3.3)
	s.has_room, s.room = false, 0;
	return setmetatable(s, tls_methods);
end

-- ---- The poll ----

local wanted = {}; -- file descriptor -> { read, write }
local order = {};  -- file descriptors, ascending
local last = 0;    -- the one that was reported last, 0 after a round
local polls = 0;   -- in this turn
local handlers;    -- by the words of the messages

local poll = {};
poll.__index = poll;

local ENOENT, EEXIST = 2, 17;

function poll:add(fd, read, write)
	if wanted[fd] then return nil, "exists", EEXIST; end
	wanted[fd] = { read = read or false, write = write or false };
	local at = #order + 1;
	while at > 1 and order[at - 1] > fd do at = at - 1; end
	table.insert(order, at, fd);
	return true;
end

function poll:set(fd, read, write)
	local want = wanted[fd];
	if not want then return nil, "not found", ENOENT; end
	if read ~= nil then want.read = read; end
	if write ~= nil then want.write = write; end
	return true;
end

function poll:del(fd)
	if not wanted[fd] then return nil, "not found", ENOENT; end
	wanted[fd] = nil;
	for i, at in ipairs(order) do
		if at == fd then table.remove(order, i); break; end
	end
	return true;
end

local function ready(fd)
	local want, s = wanted[fd], sockets[fd];
	if not s then return false, false; end
	local is_handshaking = getmetatable(s) == tls_methods and not s.is_secured;
	local read = want.read and (s.is_ended or s.accepts[1] ~= nil or (s.finishes or s.received ~= "") and not is_handshaking);
	local write = want.write and (s.is_ended or s.has_room and not is_handshaking);
	return read or false, write or false;
end

local function next_ready(after)
	for _, fd in ipairs(order) do
		if fd > after then
			local read, write = ready(fd);
			if read or write then return fd, read, write; end
		end
	end
end

-- Tells the simulator when time is due, and acts upon its next message.
local function end_turn(timeout)
	if timeout < 86400 then
		wire.put(("idle monotonic %d"):format(world.nanoseconds_at(world.monotonic() + timeout)));
	else
		wire.put("idle never");
	end
	polls = 0;
	repeat
		local header, payload = wire.get();
		local words = {};
		for word in header:gmatch("%S+") do words[#words + 1] = word; end
		world.set(words[1], words[2]);
		local is_told = handlers[words[3]](payload or "", words[4], words[5]);
	until is_told ~= "more";
end

-- What is ready is reported in rounds: between them timers have their turn.
function poll:wait(timeout)
	polls = polls + 1;
	if polls > MOST_POLLS then
		io.stderr:write("Prosody polls for ever\n");
		wire.exit(1);
	end
	local fd, read, write = next_ready(last);
	if not fd and last == 0 and timeout > 0 then
		end_turn(timeout);
		fd, read, write = next_ready(0);
	end
	last = fd or 0;
	if not fd then return nil, "timeout"; end
	return fd, read, write;
end

-- ---- What Prosody asks for ----

local socket = require "socket";
socket.gettime = world.now;
socket.sleep = function () end;
socket.bind = function ()
	listener = new_socket();
	return listener;
end;
for _, name in ipairs { "tcp", "tcp4", "tcp6", "udp", "udp4", "udp6", "connect", "select" } do
	socket[name] = function () return nil, "there is no network here"; end;
end

package.loaded["util.poll"] = { new = function () return setmetatable({}, poll); end, EEXIST = EEXIST, ENOENT = ENOENT };
package.loaded["ssl"] = {
	wrap = wrap;
	loadcertificate = function () return nil; end;
	newcontext = function () return {}; end;
	config = { capabilities = {}, protocols = {}, options = {}, algorithms = {}, curves = {} };
	_VERSION = "1.2.0";
};
package.loaded["ssl.context"] = { create = function () return {}; end, setmode = function () end };
package.loaded["core.certmanager"] = {
	create_context = function () return {}, nil, {}; end;
	reload_ssl_config = function () end;
	find_cert = function () end;
	find_host_cert = function () end;
};

-- ---- What the simulator tells ----

function network.set_room(link, room)
	local s = by_link[link];
	if s then s.room = math.tointeger(tonumber(room)); end
end

network.handlers = {
	open = function (_, link, room)
		if not listener or listener.is_closed then
			wire.put("reject "..link);
			return;
		end
		local s = new_socket();
		s.link, s.room = link, math.tointeger(tonumber(room));
		by_link[link] = s;
		table.insert(listener.accepts, s);
	end;
	data = function (bytes, link)
		local s = by_link[link];
		if s then s.received = s.received..bytes; end
	end;
	window = function (_, link, room)
		network.set_room(link, room);
		return "more";
	end;
	room = function (_, link, room)
		local s = by_link[link];
		if s then s.has_room = true; end
		network.set_room(link, room);
	end;
	["end"] = function (_, link)
		local s = by_link[link];
		if s then s.is_ended = true; end
	end;
	secured = function (_, link)
		local s = by_link[link];
		if s then s.is_secured, s.finishes, s.has_room = true, true, true; end
	end;
	time = function () end;
	stop = function () wire.exit(0); end;
};

-- Sets who acts upon messages.
function network.set_handlers(all) handlers = all; end

-- The server has shut down, and nobody listens any more.
function network.be_gone()
	while true do end_turn(math.huge); end
end

return network;
