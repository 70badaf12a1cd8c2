-- world.lua - the clocks and the randomness of a server: those of the simulator.
--
-- Monotonic time begins at 0 when the server starts, for Prosody keeps it in doubles, which are exact to a nanosecond
-- for some weeks only.  Before there is a server, time stands still, and randomness is a fixed sequence.

local world = {};

local SECOND = 1000000000;

local monotonic_ns, started_ns = 0, 0;
local day_ns = 978307200 * SECOND;
local has_simulator = false;

local function monotonic()
	return (monotonic_ns - started_ns) / SECOND;
end

local function now()
	return day_ns / SECOND;
end

-- Takes the clocks of a message's header.
function world.set(monotonic_word, day_word)
	monotonic_ns, day_ns = math.tointeger(tonumber(monotonic_word)), math.tointeger(tonumber(day_word));
end

-- The simulator's nanoseconds at a time of Prosody's monotonic clock, never in the past.
function world.nanoseconds_at(seconds)
	return math.max(started_ns + math.ceil(seconds * SECOND), monotonic_ns + 1000);
end

-- ---- Randomness ----

-- splitmix64
local state = 1;
local function next_byte()
	state = state + 0x9e3779b97f4a7c15;
	local z = state;
	z = (z ~ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ~ (z >> 27)) * 0x94d049bb133111eb;
	return (z ~ (z >> 31)) & 255;
end

local BLOCK = 1024; -- bytes that are asked for at a time
local drawn = "";   -- those that are left

-- The simulator's.
local function draw(count)
	while #drawn < count do
		wire.put(("random %d"):format(BLOCK));
		local header, answer = wire.get();
		assert(header:match("^%d+ %d+ random$"), header);
		drawn = drawn..answer;
	end
	local some = drawn:sub(1, count);
	drawn = drawn:sub(count + 1);
	return some;
end

local function bytes(count)
	if has_simulator then return draw(count); end
	local list = {};
	for i = 1, count do list[i] = string.char(next_byte()); end
	return table.concat(list);
end

-- The server has started: from here on the simulator answers.
function world.start(monotonic_word, day_word)
	world.set(monotonic_word, day_word);
	started_ns, has_simulator = monotonic_ns, true;
	math.randomseed((string.unpack("<i8", bytes(8))));
end

-- ---- What Prosody asks ----

package.loaded["util.time"] = { now = now, monotonic = monotonic };
package.loaded["util.random"] = { bytes = bytes, seed = function () end, _source = "simulator" };

local real_time, real_date = os.time, os.date;
os.time = function (fields)
	if fields then return real_time(fields); end
	return day_ns // SECOND;
end
os.date = function (format, time)
	return real_date(format, time or day_ns // SECOND);
end
os.clock = monotonic;
math.randomseed(1);

world.monotonic, world.now = monotonic, now;
return world;
