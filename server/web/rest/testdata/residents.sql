-- The residents of the examples in openapi.yaml, and some whom a filter could easily miss. None is
-- real: e-mail is at example.com, phone numbers are those kept for fiction, NHS numbers those kept
-- for tests.
INSERT INTO gateway.load VALUES ('mosaic', '2026-03-14T03:00:00Z', 'sample');

INSERT INTO mosaic.dm_persons
	(person_id, person_id_legacy, full_name, title, first_name, last_name, date_of_birth, date_of_death,
	 gender, restricted, context_flag, nationality, nhs_id, email_address)
VALUES
	(31, 'L31', 'Okafor, Ada', 'Ms', 'Ada', 'Okafor', '1984-02-29', NULL,
	 'F', 'N', 'A', 'British', 9990000018, 'ada.okafor@example.com'),
	(32, '-', 'O’Brien, Seán', 'Mr', 'Seán', 'O’Brien', '1951-07-01', '2020-05-01',
	 'M', 'N', 'A', 'Irish', NULL, NULL),
	(35, 'L35', 'De La Cruz, Mary Jane', NULL, 'Mary Jane', 'De La Cruz', '2015-12-31', NULL,
	 'F', 'Y', 'C', NULL, NULL, ' '),
	(36, 'L36', 'Okafor, Grace', 'Mrs', 'Grace', 'Okafor', '1951-07-01', NULL,
	 'F', 'N', 'A', 'British', NULL, NULL),
	(40, 'L40', '100% Sure_Thing', NULL, '100%', 'Sure_Thing', '1990-01-01', NULL,
	 'U', 'N', NULL, NULL, NULL, NULL),
	(41, 'L41', '<b>&amp;</b>', NULL, '<b>', '&amp;"\', '1990-10-01', NULL,
	 'X', 'N', 'A', NULL, NULL, NULL),
	(47, 'L47', 'Somebody', NULL, NULL, NULL, '1900-01-01', NULL, '-', NULL, NULL, NULL, NULL, NULL);

INSERT INTO mosaic.dm_addresses
	(ref_addresses_people_id, person_id, start_date, end_date, address, post_code, is_contact_address,
	 is_display_address, unique_id)
VALUES
	(501, 31, '2020-01-01', NULL, 'Flat 2, 14, Mare Street, London', 'e81dy', 'N', 'Y', 100021000001),
	(502, 31, '2011-06-01', '2019-12-31', '9 Amhurst Road', 'N16 8QR', 'N', 'N', 10008000002),
	(503, 31, '2021-03-01', NULL, '1 Hillman Street', 'E8 1DY', 'Y', 'N', NULL),
	(504, 35, '2018-01-01', NULL, '3 Well Street', 'E9 7NU', 'Y', 'Y', 100021000003),
	(505, 36, '2018-01-01', NULL, '14 Mare Street', 'N16 8QR', 'N', 'Y', 100021000004),
	(506, 40, '2018-01-01', NULL, 'Room 1, Floor 2, Building 3, Wharf 4, London', 'N1 6AB', 'N', 'Y', 1),
	(507, NULL, NULL, NULL, '5 Nowhere Street', 'E8 1DY', 'Y', 'Y', 100021000005);

INSERT INTO mosaic.dm_telephone_numbers VALUES
	(701, 31, '07700 900123 - Daughter', 'Mobile - Secondary'),
	(702, 31, '020 7946 0123', 'Primary'),
	(703, 31, '020 7946 0456', 'Ex-directory (do not disclose number)'),
	(704, 32, 'none', 'Home');
