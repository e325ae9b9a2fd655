-- One resident of each kind that access is decided by. None is real.
INSERT INTO gateway.load VALUES ('mosaic', '2026-03-14T03:00:00Z', 'sample');

INSERT INTO mosaic.dm_persons
	(person_id, person_id_legacy, full_name, first_name, last_name, date_of_birth, restricted,
	 context_flag, nhs_id, email_address)
VALUES
	(31, 'L31', 'Okafor, Ada', 'Ada', 'Okafor', '1984-02-29', 'N', 'A', 9990000031, 'ada@example.com'),
	(32, 'L32', 'O’Brien, Seán', 'Seán', 'O’Brien', '1951-07-01', 'N', 'A', 9990000032, 'sean@example.com'),
	(33, 'L33', 'Cruz, Mary', 'Mary', 'Cruz', '2015-12-31', 'Y', 'C', 9990000033, 'mary@example.com'),
	(34, 'L34', 'Demir, Ece', 'Ece', 'Demir', '1999-09-09', NULL, 'A', 9990000034, 'ece@example.com');

INSERT INTO mosaic.dm_addresses
	(ref_addresses_people_id, person_id, start_date, end_date, address, post_code, is_contact_address,
	 is_display_address, unique_id)
VALUES
	(501, 31, '2020-01-01', NULL, '31 Mare Street', 'E8 1DA', 'Y', 'Y', 100021000031),
	(502, 32, '2020-01-01', NULL, '32 Wick Road', 'E9 5DB', 'Y', 'Y', 100021000032),
	(503, 33, '2020-01-01', NULL, '33 Well Street', 'E9 7DE', 'Y', 'Y', 100021000033),
	(504, 34, '2020-01-01', NULL, '34 Amhurst Road', 'N16 8DD', 'Y', 'Y', 100021000034),
	(513, 33, '2010-01-01', '2019-12-31', '93 Old Street', 'EC1V 9DE', 'N', 'N', 100021000093);

INSERT INTO mosaic.dm_telephone_numbers VALUES
	(701, 31, '020 7946 0031', 'Primary'),
	(702, 32, '020 7946 0032', 'Primary'),
	(703, 33, '020 7946 0033', 'Primary'),
	(704, 34, '020 7946 0034', 'Primary'),
	(712, 32, '01632 960032', 'Ex-directory (do not disclose number)'),
	(713, 33, '01632 960033', 'Ex-directory (do not disclose number)'),
	(714, 34, '01632 960034', 'Ex-directory (do not disclose number)');
