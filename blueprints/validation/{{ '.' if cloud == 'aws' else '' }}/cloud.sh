# shellcheck shell=bash
# What the checks know about AWS. Sourced; every call reads and none writes.

# shellcheck disable=SC2034 # read by the scripts that source this

# Losing one of these loses data.
PROTECTED_TYPES="aws_db_instance aws_db_subnet_group aws_dynamodb_table aws_ebs_volume aws_efs_file_system aws_eks_cluster aws_kms_key aws_rds_cluster aws_s3_bucket aws_secretsmanager_secret aws_vpc"

# Tags that every resource with tags carries.
REQUIRED_TAGS="Project Environment ManagedBy Repository Owner CostCenter"

# The account that the current credentials belong to.
cloud_account() {
  aws sts get-caller-identity --query Account --output text
}

# Call the CLI; AWS_REGION is the region of the root that is looked at.
cloud() {
  aws --output json "$@"
}
