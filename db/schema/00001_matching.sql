-- How text is compared, once for every source. The same rules stand in Go (source/matching.go and
-- source/phone.go) and a test holds the two together. All are immutable, so that an index can be built
-- on the very expression that a query searches.
--
-- They are PL/pgSQL for the planner's sake: it would put a function in SQL into the query, and take
-- its many steps for a few cheap ones. Told what they cost, it looks in an index before it tries every
-- row (docs/decisions/0004-matching.md).

-- +goose Up
-- +goose StatementBegin

CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Lower case, without accents and apostrophes; every hyphen, white space, full stop and comma a space.
-- Text of ASCII alone takes a short way that gives the same answer.
CREATE FUNCTION gateway.fold(t text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 100 AS $$
BEGIN
    IF octet_length(t) = length(t) THEN
        RETURN lower(translate(t, E'-.,\t\n\x0b\x0c\r''`', '        ') COLLATE "C");
    END IF;
    t := regexp_replace(
        normalize(t, NFKD),
        '[\u0300-\u036f''`\u02b9-\u02bf\u2018-\u201b\u2032\u00ad\u200b-\u200f\ufeff]', '', 'g');
    t := replace(replace(t, 'ß', 'ss'), 'ẞ', 'ss');
    t := replace(replace(t, 'æ', 'ae'), 'Æ', 'ae');
    t := replace(replace(t, 'œ', 'oe'), 'Œ', 'oe');
    t := replace(replace(t, 'þ', 'th'), 'Þ', 'th');
    t := translate(t,
        E'-.,\t\n\x0b\x0c\r\u0085\u1680\u2010\u2011\u2012\u2013\u2014\u2015\u2028\u2029'
            '\u2043\u2212\u3001'
            'ØøŁłĐđÐðĦħıŊŋŦŧς'
            'ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ'
            'АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЄІЂЈЉЊЋЏ',
        '                     '
            'oollddddhhinnttσ'
            'αβγδεζηθικλμνξοπρστυφχψω'
            'абвгдежзиклмнопрстуфхцчшщъыьэюяєіђјљњћџ');
    RETURN lower(t COLLATE "C");
END
$$;

-- What a name is searched by: `de la cruz`, `O'Brien` and `obrien` need not be told apart.
CREATE FUNCTION gateway.name_form(t text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 250 AS $$
BEGIN
    RETURN replace(gateway.fold(t), ' ', '');
END
$$;

-- What an address is searched by: the words, one space apart, so that `1-3` is not `13`.
CREATE FUNCTION gateway.address_form(t text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 200 AS $$
BEGIN
    t := btrim(gateway.fold(t));
    WHILE position('  ' IN t) > 0 LOOP
        t := replace(t, '  ', ' ');
    END LOOP;
    RETURN t;
END
$$;

-- What residents are put in order by: last name, first name, compared byte by byte. The whole name
-- where there are no parts; who has no name at all comes last.
CREATE FUNCTION gateway.name_key(last_name text, first_name text, full_name text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 200 AS $$
DECLARE
    key text := coalesce(gateway.name_form(last_name), '') || ' '
        || coalesce(gateway.name_form(first_name), '');
BEGIN
    IF key = ' ' THEN
        key := coalesce(gateway.name_form(full_name), '') || ' ';
    END IF;
    IF key = ' ' THEN
        RETURN chr(1114111);
    END IF;
    RETURN key;
END
$$;

-- The halves of a postcode, without what people put between its letters. `N16` and `N1 6XX` differ in
-- both, and `N1 6`, which is half written, has none.
CREATE FUNCTION gateway.postcode_outward(t text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 100 AS $$
DECLARE
    joined text := upper(translate(t, E' -.\t\u00a0', '') COLLATE "C");
BEGIN
    IF length(joined) > 4 THEN
        RETURN left(joined, -3);
    END IF;
    RETURN CASE WHEN btrim(t, E' \t\u00a0') = btrim(translate(t, E' -.\t\u00a0', ''))
        THEN joined ELSE '' END;
END
$$;

CREATE FUNCTION gateway.postcode_inward(t text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 100 AS $$
BEGIN
    t := upper(translate(t, E' -.\t\u00a0', '') COLLATE "C");
    RETURN CASE WHEN length(t) > 4 THEN right(t, 3) ELSE '' END;
END
$$;

-- What a phone number is searched in: every digit of a text, so that a number is found in it wherever
-- it stands and however it is written.
CREATE FUNCTION gateway.digits(t text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 250 AS $$
BEGIN
    RETURN regexp_replace(t, '[^0-9]', '', 'g');
END
$$;

-- What an e-mail address is searched by.
CREATE FUNCTION gateway.email_form(t text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 100 AS $$
BEGIN
    RETURN lower(btrim(t, E' \t\n\x0b\x0c\r') COLLATE "C");
END
$$;

-- +goose StatementEnd
