-- Three columns are as wide as the system has them: a code of more than one letter would be refused,
-- and stop the table. This changes no row and waits for nobody but who reads at that moment.

-- +goose Up

ALTER TABLE housing."CCEmailAddress"
    ALTER COLUMN "EmailType" TYPE varchar(5),
    ALTER COLUMN "OKToEmail" TYPE varchar(5),
    ALTER COLUMN "Defualt"   TYPE varchar(5);
