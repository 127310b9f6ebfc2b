DROP INDEX "vote_log_revision_unique";--> statement-breakpoint
ALTER TABLE "vote_log" ALTER COLUMN "battle_id" DROP NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "vote_log_revision_unique" ON "vote_log" USING btree ("battle_id","voter_id","revision") WHERE "vote_log"."battle_id" is not null;