-- What other sources than Mosaic know, beside the residents of ../residents.sql. None is real.
INSERT INTO gateway.load VALUES
	('academy', '2026-03-14T04:00:00Z', 'sample'), ('housing', '2026-03-14T04:30:00Z', 'sample'),
	('qlik', '2026-03-14T05:00:00Z', 'sample');

-- Ada Okafor is on a claim, and liable for council tax at the same property.
INSERT INTO academy.hbclaim VALUES (5000001, 'X', 1);
INSERT INTO academy.hbhousehold VALUES
	(5000001, 1, '2020-01-01 00:00:00.0000000', '2099-12-31 00:00:00.0000000', 'FLAT 2', '14 MARE STREET',
	 'LONDON', NULL, 'E8 1DY', '100021000001');
INSERT INTO academy.hbmember VALUES
	(5000001, 1, 1, 1, 'OKAFOR ADA', 'MS', 'ADA', 'OKAFOR', '1984-02-29 00:00:00.0000000',
	 '2099-12-31 00:00:00.0000000', 'qq123456 c');
INSERT INTO academy.ctaccount VALUES (30000001, 'Y', 'OKAFOR ADA', 'MS', 'ADA', 'OKAFOR');
INSERT INTO academy.ctproperty VALUES
	('P1', 'FLAT 2', '14 MARE STREET', 'LONDON', NULL, 'E8 1DY', '100021000001');
INSERT INTO academy.ctoccupation VALUES (30000001, 'P1', '2099-12-31 00:00:00.0000000');
INSERT INTO academy.syemail VALUES
	('CT', 30000001, 'L', 1, 'ada.tax@example.com', '2020-01-01 00:00:00.0000000', NULL);
INSERT INTO academy.syphone VALUES ('CT', 'A', '30000001', '020 7946 0789', NULL, NULL, NULL);

-- She is a member of the household of a tenancy there, and is not to be called.
INSERT INTO housing.member VALUES
	('0500001', 1, 'MS', 'ADA', 'OKAFOR', '1984-02-29', 'qq123456 c');
INSERT INTO housing.property VALUES
	('P500001', '0500001', 'FLAT 2, 14 MARE STREET', 'E8 1DY', '100021000001', '2020-01-01');
INSERT INTO housing.tenagree VALUES
	('0500001/01', '0500001', 'SEC', false, '2020-01-01', '1900-01-01');
INSERT INTO housing.tenure VALUES ('SEC', 'Secure');
INSERT INTO housing.contacts VALUES (700001, '0500001', '0500001/01');
INSERT INTO housing."CCContactLink" VALUES (900001, '0500001/01', '1');
INSERT INTO housing."CCPhone" VALUES (1, 900001, '07700 900456', 'M', '2021-05-01', 'N');
INSERT INTO housing."CCEmailAddress" VALUES
	(1, 900001, 'ada.home@example.com', NULL, '2021-05-01', 'Y', 'Y');

INSERT INTO qlik.qlik_vulnerability VALUES
	(100021000001, true, true, false, true, NULL, false, false, 0, 2, '2026-03-11 06:30:00');
