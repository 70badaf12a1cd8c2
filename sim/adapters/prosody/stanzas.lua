-- stanzas.lua - reads elements from text, as a stream reads them.

local stanzas = {};

local new_stream = require "util.xmppstream".new;

-- The language of the stream, which xmppstream gives to each stanza without one.  It is taken away again, because the
-- simulator's stanzas come without a stream: what has no language had none in its stream.
local NO_LANGUAGE = "x-none";

local HEADER = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0' xml:lang='"
	..NO_LANGUAGE.."'>";

-- Returns the element, or nil where the text is not exactly one.
function stanzas.read(text)
	local session = { notopen = true };
	local found = {};
	local stream = new_stream(session, {
		default_ns = "jabber:client";
		streamopened = function (opened) opened.notopen = nil; return true; end;
		streamclosed = function () end;
		error = function () end;
		handlestanza = function (_, stanza)
			if stanza.attr.xmlns == "jabber:client" then stanza.attr.xmlns = nil; end
			if stanza.attr["xml:lang"] == NO_LANGUAGE then stanza.attr["xml:lang"] = nil; end
			table.insert(found, stanza);
		end;
	});
	assert(stream:feed(HEADER));
	return stream:feed(text) and #found == 1 and found[1] or nil;
end

return stanzas;
